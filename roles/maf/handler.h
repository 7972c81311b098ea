// SPDX-License-Identifier: GPL-3.0-or-later
//
// Handler: takes the requests of all listeners and runs the procedures. It knows the paths
// (onem2m/maf_interface.h), who the client of a session is, and the session's end after a
// procedure.
//
// A Key Retrieval is answered at once, on the server's thread: it reads, and waits for nobody. What
// writes is for the store's thread, and answered when it is durable; a retrieval that comes behind
// it in the same session waits for it, so that a session's requests take effect in their order.
// What takes long for other reasons (the signatures of a certificate chain, the KmId Retrieval) is
// for the handler's own thread.
//
// Threads: Handle on the servers' threads, several at once; Stop once, on any other.
#ifndef SAEF_ROLES_MAF_HANDLER_H_
#define SAEF_ROLES_MAF_HANDLER_H_

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "bindings/log.h"
#include "bindings/server.h"
#include "onem2m/thread_annotations.h"
#include "roles/maf/configuration.h"
#include "roles/maf/key_registration.h"
#include "roles/maf/key_retrieval.h"
#include "roles/maf/key_store.h"
#include "roles/maf/km_id_retrieval.h"
#include "roles/maf/statistics.h"

namespace saef::maf {

class Handler : public bindings::RequestHandler {
 public:
  static constexpr std::size_t kMaxWaiting = 8192;  // requests beyond are answered 5000

  // What a path answers has changed: a key was removed, has expired, or its target list is another.
  // On the Handler's own thread or the store's.
  using Changed = std::function<void(std::string_view path)>;

  // The first two must outlive it, and so must `km_id_retrieval`; null: no MEF is configured.
  Handler(const Configuration& configuration, KeyStore& store, bindings::Log log,
          Changed changed = {}, KmIdRetrieval* km_id_retrieval = nullptr);
  ~Handler() override;

  void Handle(onem2m::RequestPrimitive request, std::shared_ptr<bindings::Session> session,
              bindings::Respond respond) override SAEF_EXCLUDES(mutex_);
  void BeginTurn() override { store_.BeginReads(); }
  void EndTurn() override { store_.EndReads(); }

  // Only keys may be observed.
  static bool IsObservable(std::string_view path);

  // What it counts, `saef_maf_…`. Any thread.
  statistics::Families Collect() const;

  // Ends the thread, and waits until the store has written what it was given, which is answered;
  // what else waits, and what comes afterwards, is answered 5000. Call it before the servers go.
  void Stop() SAEF_EXCLUDES(mutex_);

 private:
  class Worker;
  struct Job;
  using JobPtr = std::shared_ptr<Job>;

  // Counts a request, so that there is a bound. False: there are too many, or we have stopped.
  bool Admit();
  bool IsOfKeId(const bindings::Session& session) const;
  void Serve(const JobPtr& job);
  // Each of these: the answer, or none where the store's thread has to be waited for.
  std::optional<onem2m::ResponsePrimitive> Answer(const JobPtr& job);
  std::optional<onem2m::ResponsePrimitive> Route(const JobPtr& job, const Client& client);
  std::optional<onem2m::ResponsePrimitive> Register(const JobPtr& job, const Client& client);
  std::optional<onem2m::ResponsePrimitive> RouteKey(const JobPtr& job, const Client& client);
  // Is anything of this session with the store's thread?
  bool IsWriting(const bindings::Session& session) SAEF_EXCLUDES(mutex_);
  using Writing = std::function<onem2m::ResponsePrimitive(KeyTable& keys)>;
  void Write(const JobPtr& job, Writing writing) SAEF_EXCLUDES(mutex_);
  void Written(const JobPtr& job, const Result<void>& committed) SAEF_EXCLUDES(mutex_);
  // At once, or after the configured delay.
  void Finish(const JobPtr& job, onem2m::ResponsePrimitive&& response) SAEF_EXCLUDES(mutex_);
  void Respond(Job& job);
  onem2m::ResponsePrimitive Failed(const onem2m::RequestPrimitive& request,
                                   const std::exception& error) const;
  void CountKeys();
  void Sweep();
  void KeyChanged(std::string_view relative_id);

  const Configuration& configuration_;
  KeyStore& store_;
  const bindings::Log log_;
  const Changed changed_;
  const KeyRegistration registration_;
  const KeyRetrieval retrieval_;
  KmIdRetrieval* const km_id_retrieval_;
  mutable Mutex mutex_;
  std::unique_ptr<Worker> worker_ SAEF_GUARDED_BY(mutex_);  // null: stopped
  Worker* const on_worker_;                                 // the same, for what runs on its thread
  std::atomic<bool> stopped_{false};
  std::atomic<std::size_t> waiting_{0};  // requests without an answer
  // Of these the ones that the store has: in all, and by session.
  std::atomic<std::size_t> writes_{0};
  std::unordered_map<const bindings::Session*, std::size_t> writing_ SAEF_GUARDED_BY(mutex_);
  CondVar written_;
  Statistics statistics_;
};

}  // namespace saef::maf

#endif  // SAEF_ROLES_MAF_HANDLER_H_
