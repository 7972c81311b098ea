// SPDX-License-Identifier: GPL-3.0-or-later
//
// Handler: takes the requests of all listeners and runs the procedures on a thread of its own,
// where waiting for the store is allowed. It knows the paths (onem2m/maf_interface.h), who the
// client of a session is, and the session's end after a procedure.
//
// Threads: Handle on the servers' threads; Stop once, on any other.
#ifndef SAEF_ROLES_MAF_HANDLER_H_
#define SAEF_ROLES_MAF_HANDLER_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

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
  // On the Handler's own thread.
  using Changed = std::function<void(std::string_view path)>;

  // The first two must outlive it, and so must `km_id_retrieval`; null: no MEF is configured.
  Handler(const Configuration& configuration, KeyStore& store, bindings::Log log,
          Changed changed = {}, KmIdRetrieval* km_id_retrieval = nullptr);
  ~Handler() override;

  void Handle(onem2m::RequestPrimitive request, std::shared_ptr<bindings::Session> session,
              bindings::Respond respond) override SAEF_EXCLUDES(mutex_);

  // Only keys may be observed.
  static bool IsObservable(std::string_view path);

  // What it counts, `saef_maf_…`. Any thread.
  statistics::Families Collect() const;

  // Ends the thread; what waits, and what comes afterwards, is answered 5000. Call it before the
  // servers go.
  void Stop() SAEF_EXCLUDES(mutex_);

 private:
  class Worker;

  void Serve(onem2m::RequestPrimitive request, std::shared_ptr<bindings::Session> session,
             bindings::Respond respond, Statistics::Clock::time_point arrived);
  onem2m::ResponsePrimitive Answer(onem2m::RequestPrimitive& request, bindings::Session& session);
  onem2m::ResponsePrimitive Route(onem2m::RequestPrimitive& request, const Client& client,
                                  bindings::Session& session);
  onem2m::ResponsePrimitive RouteKey(const onem2m::RequestPrimitive& request,
                                     std::string_view relative_id, const Client& client);
  // At once, or after the configured delay.
  void RespondLater(std::function<void()> respond);
  void CountKeys();
  void Sweep();
  void KeyChanged(std::string_view relative_id);

  const Configuration& configuration_;
  KeyStore& store_;
  const bindings::Log log_;
  const Changed changed_;
  KeyRegistration registration_;
  KeyRetrieval retrieval_;
  KmIdRetrieval* const km_id_retrieval_;
  Mutex mutex_;
  std::unique_ptr<Worker> worker_ SAEF_GUARDED_BY(mutex_);  // null: stopped
  Worker* const on_worker_;                                 // the same, for what runs on its thread
  std::atomic<std::size_t> waiting_{0};
  Statistics statistics_;
};

}  // namespace saef::maf

#endif  // SAEF_ROLES_MAF_HANDLER_H_
