// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/entity-a/entity_a.h"

#include <algorithm>
#include <utility>

namespace saef::entity_a {
namespace {

using bindings::LogLevel;

// Of Kc's life, in percent, until it is renewed.
constexpr int kRenewAfter = 80;
// When a renewal has failed: again after this part of what is left.
constexpr int kRetryPart = 4;

onem2m::Time RenewalOf(const RegisteredKey& key) {
  return key.registered + (key.expires - key.registered) * kRenewAfter / 100;
}

std::string RandomPrefix() {
  const auto random = onem2m::Secret::Random(6);
  return random ? random->ToHex() : std::string("request");
}

std::optional<end_point::Enrolment> TakeEnrolment(Configuration& configuration) {
  if (!configuration.cse_credential) {
    return std::nullopt;
  }
  return std::exchange(configuration.cse_credential->enrolment, std::nullopt);
}

bool IsRefusal(const Failure& failure) {
  return failure.party == Party::kCse && failure.kind == FailureKind::kRefused;
}

}  // namespace

EntityA::EntityA(Configuration configuration, OpenClient open_client, bindings::Log log)
    : EntityA(std::move(configuration.maf_credential), TakeEnrolment(configuration),
              std::move(configuration), std::move(open_client), std::move(log)) {}

EntityA::EntityA(std::optional<end_point::MafCredential> maf_credential,
                 std::optional<end_point::Enrolment> kpsa_enrolment, Configuration&& configuration,
                 OpenClient open_client, bindings::Log log)
    : configuration_(std::move(configuration)),
      open_client_(std::move(open_client)),
      log_(log ? std::move(log) : [](LogLevel, std::string_view) {}),
      maf_access_(maf_credential
                      ? std::make_unique<end_point::MafAccess>(
                            end_point::MafAccess::Options{.maf = *configuration_.maf_fqdn,
                                                          .credential = std::move(*maf_credential),
                                                          .originator = configuration_.originator,
                                                          .timeout = configuration_.timeout,
                                                          .open_client = open_client_,
                                                          .log = log_})
                      : nullptr),
      request_prefix_(RandomPrefix()),
      uri_(configuration_.cse_uris.front()) {
  if (!kpsa_enrolment) {
    return;
  }
  kpsa_access_.emplace(end_point::KpsaAccess::Options{
      .enrolment = std::move(*kpsa_enrolment),
      .enrolee_b_id = configuration_.cse_id.Absolute(),
      .originator = configuration_.originator,
      .timeout = configuration_.timeout,
      .open_client = open_client_,
      .log = log_,
  });
}

Outcome<void> EntityA::Register() {
  const MutexLock lock(mutex_);
  if (configuration_.cse_credential) {
    return Failure{Party::kSelf,
                   FailureKind::kLocal,
                   "there is no MAF in the configuration, so there are no keys to register",
                   {}};
  }
  auto key = MakeKey();
  if (!key) {
    return key.error();
  }
  Adopt(std::move(*key));
  return {};
}

void EntityA::Use(RegisteredKey key) {
  const MutexLock lock(mutex_);
  Adopt(std::move(key));
}

std::optional<RegisteredKey> EntityA::key() const {
  const MutexLock lock(mutex_);
  if (!key_) {
    return std::nullopt;
  }
  auto copy = key_->Clone();
  return copy ? std::optional(std::move(*copy)) : std::nullopt;
}

std::uint64_t EntityA::registrations() const {
  const MutexLock lock(mutex_);
  return registrations_;
}

void EntityA::Disconnect() {
  const MutexLock lock(mutex_);
  session_.reset();
}

void EntityA::Adopt(RegisteredKey key) {
  session_.reset();
  renew_at_ = RenewalOf(key);
  key_ = std::move(key);
}

Outcome<RegisteredKey> EntityA::MakeKey() {
  bool credential_refused = false;
  auto key = MakeKeyOnce(credential_refused);
  if (!key && credential_refused && maf_access_->by_enrolment()) {
    // The MAF doesn't take KmId any more: another one, or a fresh enrolment, is due.
    log_(LogLevel::kWarning, "the MAF refuses the KmId; getting another one");
    key = MakeKeyOnce(credential_refused);
  }
  return key;
}

Outcome<RegisteredKey> EntityA::MakeKeyOnce(bool& credential_refused) {
  if (const auto ensured = maf_access_->Ensure(); !ensured) {
    return MakeFailure(ensured.error());
  }
  const auto registration = configuration_.key_registration ? configuration_.key_registration
                                                            : maf_access_->key_registration();
  if (!registration) {
    return Failure{Party::kMef,
                   FailureKind::kBadAnswer,
                   "the MEF's answer: the Key Registration URI is none of coaps or https",
                   {}};
  }
  bindings::ClientOptions options;
  options.uri = *registration;
  options.handshake_timeout = configuration_.timeout;
  options.max_content_length = onem2m::maf::kMaxContentLength;
  // TS-0003 8.x.4: psk_identity is KmId, psk is Km; or by certificate.
  auto maf = maf_access_->Open(std::move(options));
  if (!maf) {
    return MakeFailure(maf.error());
  }
  auto key = RegisterKey(configuration_, *registration, *maf->client);
  if (key) {
    ++registrations_;
    log_(LogLevel::kInfo, "key registered: " + bindings::Quote(key->kc_id.text()) + " until " +
                              onem2m::FormatTimestamp(key->expires));
    return key;
  }
  const Failure& failure = key.error();
  credential_refused = failure.party == Party::kMaf && failure.kind == FailureKind::kRefused &&
                       (!failure.status ||
                        *failure.status == onem2m::ResponseStatusCode::kOriginatorNotAuthenticated);
  if (credential_refused) {
    maf_access_->Refused(maf->generation);
  }
  return key;
}

// TS-0003 8.2.2.3 steps 6 and 9: (D)TLS-PSK with psk_identity KcId and psk all of Kc.
Outcome<EntityA::Session> EntityA::Connect(const RegisteredKey& key) {
  bindings::ClientOptions options;
  auto kc = key.kc.Clone();
  if (!kc) {
    return MakeFailure(Party::kSelf, kc.error(), "copying Kc");
  }
  options.credential = bindings::PskCredential{key.kc_id.text(), std::move(*kc)};
  return OpenSession(std::move(options));
}

// TS-0003 8.2.2.1, 8.2.2.2.
Outcome<EntityA::Session> EntityA::EnsureWithoutMaf(bool& fresh) {
  if (kpsa_access_) {
    return EnsureWithKpsa(fresh);
  }
  if (!session_) {
    auto session = ConnectWithoutMaf();
    if (!session) {
      return session.error();
    }
    session_ = std::move(*session);
  }
  return session_;
}

// TS-0003 8.2.2.1: psk_identity is KpsaId, which is KeId where Kpsa comes from an enrolment
// (8.3.2.1, Use of Remotely Provisioned Credential).
Outcome<EntityA::Session> EntityA::EnsureWithKpsa(bool& fresh) {
  if (session_ && onem2m::Now() < kpsa_access_->due()) {
    return session_;
  }
  for (;;) {
    auto kpsa = kpsa_access_->Take();
    if (!kpsa) {
      return MakeFailure(kpsa.error());
    }
    if (session_ && kpsa->identity == kpsa_id_) {
      return session_;  // a renewal can't be yet
    }
    const std::string kpsa_id = kpsa->identity;
    bindings::ClientOptions options;
    options.credential = std::move(*kpsa);
    auto session = OpenSession(std::move(options));
    if (session) {
      session_ = std::move(*session);
      kpsa_id_ = kpsa_id;
      return session_;
    }
    if (!IsRefusal(session.error()) && session_) {
      log_(LogLevel::kWarning,
           "the old association serves until its key ends: " + session.error().text);
      return session_;
    }
    if (!IsRefusal(session.error()) || fresh) {
      return session.error();
    }
    log_(LogLevel::kWarning, "the CSE refuses the key; enrolling afresh");
    fresh = true;
    session_.reset();
    kpsa_access_->Refused(kpsa_id);
  }
}

Outcome<EntityA::Session> EntityA::ConnectWithoutMaf() {
  bindings::ClientOptions options;
  if (const auto applied = Apply(*configuration_.cse_credential, options); !applied) {
    return MakeFailure(Party::kSelf, applied.error(), "copying the credential");
  }
  return OpenSession(std::move(options));
}

Outcome<EntityA::Session> EntityA::OpenSession(bindings::ClientOptions options) {
  options.uri = uri_;
  options.server_name = configuration_.cse_server_name();
  options.handshake_timeout = configuration_.timeout;
  options.log = log_;
  auto client = open_client_(std::move(options));
  if (!client) {
    return MakeFailure(Party::kCse, client.error(), "opening a client");
  }
  if (const auto connected = (*client)->Connect(); !connected) {
    return MakeFailure(Party::kCse, connected.error(), "opening a session at " + uri_.text());
  }
  return Session(std::move(*client));
}

Outcome<EntityA::Session> EntityA::TakeSession(bool& fresh) {
  const MutexLock lock(mutex_);
  return EnsureSession(fresh);
}

Outcome<EntityA::Session> EntityA::EnsureSession(bool& fresh) {
  if (configuration_.cse_credential) {
    return EnsureWithoutMaf(fresh);
  }
  if (key_ && key_->expires <= onem2m::Now()) {
    session_.reset();
    key_.reset();
  }
  if (key_) {
    RenewIfDue();
  }
  if (session_) {
    return session_;
  }
  for (;;) {
    if (!key_) {
      auto key = MakeKey();
      if (!key) {
        return key.error();
      }
      Adopt(std::move(*key));
    }
    auto session = Connect(*key_);
    if (session) {
      session_ = std::move(*session);
      return session_;
    }
    if (!IsRefusal(session.error()) || fresh) {
      return session.error();
    }
    // TS-0003 8.2.2.3 step 13: a refusal says that a fresh registration is due.
    log_(LogLevel::kWarning, "the CSE refuses the key; registering afresh");
    fresh = true;
    key_.reset();
  }
}

void EntityA::RenewIfDue() {
  const onem2m::Time now = onem2m::Now();
  if (now < renew_at_) {
    return;
  }
  auto key = MakeKey();
  auto session = key ? Connect(*key) : Outcome<Session>(key.error());
  if (!session) {
    renew_at_ = now + std::max((key_->expires - now) / kRetryPart, std::chrono::seconds(1));
    log_(LogLevel::kWarning, "the key can't be renewed yet: " + session.error().text);
    return;
  }
  Adopt(std::move(*key));
  session_ = std::move(*session);
}

bool EntityA::CanRenew() const {
  const MutexLock lock(mutex_);
  return !configuration_.cse_credential || kpsa_access_;
}

// The key was refused in a session's later handshake. Unless another thread has replaced it since.
void EntityA::DropKey(const Session& of_session) {
  const MutexLock lock(mutex_);
  if (session_ == of_session) {
    session_.reset();
    key_.reset();
    if (kpsa_access_) {
      kpsa_access_->Refused(kpsa_id_);
    }
  }
}

Outcome<void> EntityA::Associate(std::string_view uri) {
  const MutexLock lock(mutex_);
  bindings::Uri wanted = configuration_.cse_uris.front();
  if (!uri.empty()) {
    auto parsed = bindings::Uri::Parse(uri);
    if (!parsed || !parsed->secure()) {
      return Failure{Party::kSelf,
                     FailureKind::kLocal,
                     bindings::Quote(uri) + " isn't a coaps or https URI",
                     {}};
    }
    wanted = std::move(*parsed);
  }
  if (wanted.text() != uri_.text()) {
    session_.reset();
    uri_ = std::move(wanted);
  }
  bool fresh = false;
  const auto session = EnsureSession(fresh);
  if (!session) {
    return session.error();
  }
  return {};
}

void EntityA::Complete(onem2m::RequestPrimitive& request) {
  if (!request.from) {
    request.from = configuration_.originator;
  }
  if (!request.release_version) {
    request.release_version = "3";
  }
  if (request.request_identifier.empty()) {
    const MutexLock lock(mutex_);
    request.request_identifier = request_prefix_ + "-" + std::to_string(++requests_);
  }
}

Outcome<onem2m::ResponsePrimitive> EntityA::Send(onem2m::RequestPrimitive request,
                                                 std::chrono::milliseconds timeout) {
  Complete(request);
  bool fresh = false;
  for (;;) {
    const auto session = TakeSession(fresh);
    if (!session) {
      return session.error();
    }
    auto response = (*session)->SendAndWait(request, timeout);
    if (response) {
      return std::move(*response);
    }
    if (response.error() != bindings::Error::kCredentialRefused || fresh || !CanRenew()) {
      return MakeFailure(Party::kCse, response.error(), "sending a request");
    }
    log_(LogLevel::kWarning, "the CSE refuses the key; getting another one");
    fresh = true;
    DropKey(*session);
  }
}

}  // namespace saef::entity_a
