// SPDX-License-Identifier: GPL-3.0-or-later
//
// RemoteCses: the other CSEs with which this one associates as Entity A, as cse.json names them: a
// Link to each, and the registration with the one that is the Registrar.
//
// Threads: Open, Start and Stop from one thread.
#ifndef SAEF_ROLES_CSE_REMOTE_CSES_H_
#define SAEF_ROLES_CSE_REMOTE_CSES_H_

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "bindings/log.h"
#include "roles/cse/configuration.h"
#include "roles/cse/forwarder.h"
#include "roles/cse/link.h"
#include "roles/cse/registrant.h"
#include "roles/cse/resource_service.h"

namespace saef::cse {

class RemoteCses {
 public:
  // Reads each entity.json and tells the forwarder of its link. Nothing is sent yet. Or a sentence
  // for a person.
  static std::variant<std::unique_ptr<RemoteCses>, std::string> Open(
      const Configuration& configuration, Forwarder& forwarder, const bindings::Log& log);
  ~RemoteCses();
  RemoteCses(const RemoteCses&) = delete;
  RemoteCses& operator=(const RemoteCses&) = delete;

  // Registers with the Registrar, if there is one, and stays so. `points_of_access` are this CSE's
  // own, for that one.
  void Start(const Configuration& configuration, ResourceService& service,
             std::vector<std::string> points_of_access);
  // To be called now and then: other CSEs may have come and gone.
  void Check();
  // What is under way is answered, and from now on everything with 5103. Not beside Check.
  void Stop();

  // Is there a Registrar, and does it have this CSE's registration?
  bool registered() const;

 private:
  explicit RemoteCses(bindings::Log log) : log_(std::move(log)) {}

  const bindings::Log log_;
  std::vector<std::unique_ptr<Link>> links_;
  Link* registrar_ = nullptr;
  std::chrono::seconds refresh_{30};
  std::unique_ptr<Registrant> registrant_;
};

}  // namespace saef::cse

#endif  // SAEF_ROLES_CSE_REMOTE_CSES_H_
