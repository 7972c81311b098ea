// SPDX-License-Identifier: GPL-3.0-or-later
//
// Hop: another CSE to which this CSE can send requests: its Registrar, or a Registree.
#ifndef SAEF_ROLES_CSE_HOP_H_
#define SAEF_ROLES_CSE_HOP_H_

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "onem2m/entity_identifier.h"
#include "onem2m/primitive.h"

namespace saef::cse {

// Takes the answer to a request, also one that this CSE made up because none came.
using Answered = std::function<void(onem2m::ResponsePrimitive)>;
using Deadline = std::chrono::steady_clock::time_point;

class Hop {
 public:
  virtual ~Hop() = default;

  virtual const onem2m::CseId& cse() const = 0;
  // Sends it as it is and returns at once. `points_of_access` are where that CSE has said that it
  // is reached; may be empty. `done` is called exactly once, from any thread, perhaps within this
  // call: with that CSE's answer, or 5103 where it can't be reached, 4008 where none came by
  // `deadline`.
  virtual void Send(onem2m::RequestPrimitive request, std::vector<std::string> points_of_access,
                    Deadline deadline, Answered done) = 0;
};

}  // namespace saef::cse

#endif  // SAEF_ROLES_CSE_HOP_H_
