// SPDX-License-Identifier: GPL-3.0-or-later
//
// EntityA: an AE or a CSE that associates with a CSE (TS-0003 8.2) and sends primitives over that.
// By the MAF-based framework (8.2.2.3): it registers Kc with the MAF and opens (D)TLS-PSK to the
// CSE with KcId as psk_identity. Or, as the configuration says, with a Kpsa (8.2.2.1), a
// certificate or a raw public key (8.2.2.2) that it has once and for all: then there are no keys to
// register, and all that is said of them here doesn't apply. Or with a Kpsa that it gets by
// enrolling at a MEF (8.3.2): then "registers" below is "enrols", and Kc is Kpsa.
//
//   auto opened = EntityA::Open("entity.json", log);
//   auto& entity = *std::get<std::unique_ptr<EntityA>>(opened);
//   auto answer = entity.Send(request);          // registers and associates as needed
//
// Refused by the CSE (step 13: Kc has expired, or was taken back), it registers afresh, once for
// each call, and tries again. After 80 % of Kc's life the next Send renews: a new key, a new
// session, then the old one ends. If that can't be, the old key serves until it expires.
//
// Threads: any; calls block. Several threads may Send at once, over one session.
#ifndef SAEF_ROLES_ENTITY_A_ENTITY_A_H_
#define SAEF_ROLES_ENTITY_A_ENTITY_A_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "bindings/client.h"
#include "bindings/log.h"
#include "end-point/kpsa_access.h"
#include "end-point/maf_access.h"
#include "onem2m/primitive.h"
#include "onem2m/thread_annotations.h"
#include "roles/entity-a/configuration.h"
#include "roles/entity-a/failure.h"
#include "roles/entity-a/key_registration.h"

namespace saef::entity_a {

class EntityA {
 public:
  using OpenClient = std::function<bindings::Result<std::unique_ptr<bindings::Client>>(
      bindings::ClientOptions options)>;

  // Nothing is sent yet. Or a sentence: what is wrong with the configuration.
  static std::variant<std::unique_ptr<EntityA>, std::string> Open(const std::string& configuration,
                                                                  bindings::Log log);
  // The same with another way to open clients.
  EntityA(Configuration configuration, OpenClient open_client, bindings::Log log);

  const Configuration& configuration() const noexcept { return configuration_; }

  // Registers a fresh key (TS-0003 8.x.5). A session with the CSE ends; the next one uses this key.
  // A local failure where there is no MAF.
  Outcome<void> Register() SAEF_EXCLUDES(mutex_);
  // Uses a key that was registered before.
  void Use(RegisteredKey key) SAEF_EXCLUDES(mutex_);
  // The key in use; nullopt: none yet.
  std::optional<RegisteredKey> key() const SAEF_EXCLUDES(mutex_);

  // Opens the session with the CSE at `uri`, one of the configured ones or another; the first one
  // if empty. A session that stands there already stays.
  Outcome<void> Associate(std::string_view uri = {}) SAEF_EXCLUDES(mutex_);
  // Fills what the request lacks: From (the originator of the configuration), the request
  // identifier, the release version. Any response is a value, also one that refuses.
  Outcome<onem2m::ResponsePrimitive> Send(
      onem2m::RequestPrimitive request,
      std::chrono::milliseconds timeout = std::chrono::milliseconds(10000)) SAEF_EXCLUDES(mutex_);
  // Ends the session with the CSE; the key stays.
  void Disconnect() SAEF_EXCLUDES(mutex_);

  // Keys registered so far.
  std::uint64_t registrations() const SAEF_EXCLUDES(mutex_);

 private:
  EntityA(std::optional<end_point::MafCredential> maf_credential,
          std::optional<end_point::Enrolment> kpsa_enrolment, Configuration&& configuration,
          OpenClient open_client, bindings::Log log);

  using Session = std::shared_ptr<bindings::Client>;

  // `fresh`: in this call a key was registered because of a refusal; not a second time.
  Outcome<Session> TakeSession(bool& fresh) SAEF_EXCLUDES(mutex_);
  Outcome<Session> EnsureSession(bool& fresh) SAEF_REQUIRES(mutex_);
  Outcome<RegisteredKey> MakeKey() SAEF_REQUIRES(mutex_);
  Outcome<RegisteredKey> MakeKeyOnce(bool& credential_refused) SAEF_REQUIRES(mutex_);
  Outcome<Session> Connect(const RegisteredKey& key) SAEF_REQUIRES(mutex_);
  // With the credential that the configuration has for the CSE.
  Outcome<Session> ConnectWithoutMaf() SAEF_REQUIRES(mutex_);
  Outcome<Session> EnsureWithoutMaf(bool& fresh) SAEF_REQUIRES(mutex_);
  Outcome<Session> EnsureWithKpsa(bool& fresh) SAEF_REQUIRES(mutex_);
  Outcome<Session> OpenSession(bindings::ClientOptions options) SAEF_REQUIRES(mutex_);
  void RenewIfDue() SAEF_REQUIRES(mutex_);
  // Is the key for the CSE one that another one can take the place of?
  bool CanRenew() const SAEF_EXCLUDES(mutex_);
  void Adopt(RegisteredKey key) SAEF_REQUIRES(mutex_);
  void DropKey(const Session& of_session) SAEF_EXCLUDES(mutex_);
  void Complete(onem2m::RequestPrimitive& request) SAEF_EXCLUDES(mutex_);

  const Configuration configuration_;  // without the credentials that the two accesses have
  const OpenClient open_client_;
  const bindings::Log log_;
  const std::unique_ptr<end_point::MafAccess> maf_access_;  // null: without a MAF
  const std::string request_prefix_;  // random, so that identifiers of two runs differ
  mutable Mutex mutex_;
  std::optional<RegisteredKey> key_ SAEF_GUARDED_BY(mutex_);
  onem2m::Time renew_at_ SAEF_GUARDED_BY(mutex_);
  Session session_ SAEF_GUARDED_BY(mutex_);  // made with key_, or kpsa_id_; null: none
  // Without one: no Kpsa that comes from an enrolment.
  std::optional<end_point::KpsaAccess> kpsa_access_ SAEF_GUARDED_BY(mutex_);
  std::string kpsa_id_ SAEF_GUARDED_BY(mutex_);
  bindings::Uri uri_ SAEF_GUARDED_BY(mutex_);
  std::uint64_t registrations_ SAEF_GUARDED_BY(mutex_) = 0;
  std::uint64_t requests_ SAEF_GUARDED_BY(mutex_) = 0;
};

}  // namespace saef::entity_a

#endif  // SAEF_ROLES_ENTITY_A_ENTITY_A_H_
