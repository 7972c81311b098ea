// SPDX-License-Identifier: GPL-3.0-or-later
//
// Registrant: keeps this CSE registered with its Registrar (TS-0001 10.2.2.6, TS-0004 7.4.4): makes
// its <remoteCSE> there, writes to it again and again (which also tells that it is still there, and
// renews the key of the association when that is due), makes it anew when it is gone, and tells the
// Registrar which CSEs have registered here. What fails is tried again, at growing intervals.
//
// Threads: any. It has a thread of its own.
#ifndef SAEF_ROLES_CSE_REGISTRANT_H_
#define SAEF_ROLES_CSE_REGISTRANT_H_

#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "bindings/log.h"
#include "onem2m/entity_identifier.h"
#include "onem2m/thread_annotations.h"
#include "roles/cse/hop.h"
#include "roles/cse/policy.h"
#include "roles/cse/resource_service.h"

namespace saef::cse {

struct RegistrantOptions {
  onem2m::CseId self;
  std::string base;  // the resource name of CSEBase
  CseType type = CseType::kMn;
  std::vector<std::string> points_of_access;
  std::chrono::seconds refresh{30};            // between writes; the registration lives for four
  std::chrono::milliseconds first_pause{500};  // after a failure
  std::chrono::milliseconds max_pause{30000};
  std::chrono::milliseconds timeout{30000};  // of one request
};

class Registrant {
 public:
  // Begins at once. `registrar` and `service` outlive this object.
  Registrant(Hop& registrar, ResourceService& service, RegistrantOptions options,
             bindings::Log log);
  ~Registrant();
  Registrant(const Registrant&) = delete;
  Registrant& operator=(const Registrant&) = delete;

  // The Registrar has this CSE's <remoteCSE>, as far as is known.
  bool registered() const SAEF_EXCLUDES(mutex_);
  // Writes at once if other CSEs are registered here than the Registrar knows of.
  void Check() SAEF_EXCLUDES(mutex_);

 private:
  enum class State { kUnregistered, kRegistered };

  void Run() SAEF_EXCLUDES(mutex_);
  // One step; whether it has come to be.
  bool Step() SAEF_EXCLUDES(mutex_);
  bool Register(const std::vector<std::string>& descendants) SAEF_EXCLUDES(mutex_);
  bool Refresh(const std::vector<std::string>& descendants) SAEF_EXCLUDES(mutex_);
  // Nothing: stopped meanwhile.
  std::optional<onem2m::ResponsePrimitive> Ask(onem2m::RequestPrimitive request)
      SAEF_EXCLUDES(mutex_);
  onem2m::RequestPrimitive Write(onem2m::Operation operation,
                                 const std::vector<std::string>& descendants);
  void Become(State state, const std::vector<std::string>& descendants) SAEF_EXCLUDES(mutex_);
  onem2m::Time Expiry() const;

  Hop& registrar_;
  ResourceService& service_;
  const RegistrantOptions options_;
  const bindings::Log log_;
  std::string address_;         // of the <remoteCSE>; the thread's own
  std::uint64_t requests_ = 0;  // the thread's own

  mutable Mutex mutex_;
  CondVar changed_;
  State state_ SAEF_GUARDED_BY(mutex_) = State::kUnregistered;
  std::vector<std::string> told_ SAEF_GUARDED_BY(mutex_);  // descendants
  bool due_ SAEF_GUARDED_BY(mutex_) = false;
  bool stop_ SAEF_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace saef::cse

#endif  // SAEF_ROLES_CSE_REGISTRANT_H_
