// SPDX-License-Identifier: GPL-3.0-or-later
//
// Link: a Hop over a security association that this CSE makes as Entity A (TS-0003 8.2), with the
// credentials of an entity.json of its own: CSE to CSE, whichever of the two is the Registrar.
//
// The association is made when a request needs it, kept, and renewed by EntityA. Where it can't be
// made, requests are answered 5103 at once for a while, which doubles with each failure.
//
// Threads: any. It has threads of its own, in which it waits; requests for them queue, bounded.
#ifndef SAEF_ROLES_CSE_LINK_H_
#define SAEF_ROLES_CSE_LINK_H_

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "bindings/log.h"
#include "onem2m/thread_annotations.h"
#include "roles/cse/hop.h"
#include "roles/entity-a/entity_a.h"

namespace saef::cse {

struct LinkOptions {
  std::size_t threads = 4;  // requests under way at once
  std::size_t max_queued = 256;
  std::chrono::milliseconds first_pause{500};
  std::chrono::milliseconds max_pause{30000};
};

class Link : public Hop {
 public:
  Link(std::unique_ptr<entity_a::EntityA> entity, LinkOptions options, bindings::Log log);
  ~Link() override;
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  const onem2m::CseId& cse() const override { return entity_->configuration().cse_id; }
  void Send(onem2m::RequestPrimitive request, std::vector<std::string> points_of_access,
            Deadline deadline, Answered done) override SAEF_EXCLUDES(mutex_);

  // Answers what waits with 5103, also what comes from now on, and waits for what is under way: as
  // long as a handshake may take.
  void Stop() SAEF_EXCLUDES(mutex_);

  // Where it would be reached, best first: what the CSE itself has said of the scheme that is
  // configured, then the other secure ones, then what is configured.
  std::vector<std::string> Addresses(const std::vector<std::string>& points_of_access) const;

 private:
  struct Job {
    onem2m::RequestPrimitive request;
    std::vector<std::string> points_of_access;
    Deadline deadline;
    Answered done;
  };

  void Work() SAEF_EXCLUDES(mutex_);
  onem2m::ResponsePrimitive Run(const Job& job);
  // Why there is no association; nothing: there is one.
  std::optional<std::string> Associate(const std::vector<std::string>& points_of_access)
      SAEF_EXCLUDES(connecting_);

  const std::unique_ptr<entity_a::EntityA> entity_;
  const LinkOptions options_;
  const bindings::Log log_;

  // Held while a handshake is under way, so that one failure speaks for all who wait.
  Mutex connecting_;
  std::string address_ SAEF_GUARDED_BY(connecting_);  // of the association; empty: none
  std::string last_failure_ SAEF_GUARDED_BY(connecting_);
  std::chrono::steady_clock::time_point not_before_ SAEF_GUARDED_BY(connecting_){};
  std::chrono::milliseconds pause_ SAEF_GUARDED_BY(connecting_){0};

  Mutex mutex_;
  CondVar changed_;
  std::deque<Job> queue_ SAEF_GUARDED_BY(mutex_);
  bool stop_ SAEF_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace saef::cse

#endif  // SAEF_ROLES_CSE_LINK_H_
