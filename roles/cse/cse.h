// SPDX-License-Identifier: GPL-3.0-or-later
//
// Cse: the reference CSE, Entity B of TS-0003 8.2: a small oneM2M CSE that hosts a security
// association plugin as any CSE would, through core-adapter alone. Resources are in memory and end
// with it (resource_service.h).
//
// It fails closed: where the plugin that its configuration names can't be loaded or opened, or one
// of its listeners can't listen, it doesn't start.
//
// Requests for other CSEs go on to them over security associations that this CSE makes as Entity A
// (remote_cses.h, forwarder.h), and it registers with its Registrar in the background.
//
// Threads: Start and the destructor from one thread; the rest from any. It has threads of its own:
// the servers', those of the links to other CSEs, and one that removes what has expired. The
// destructor waits for a handshake with another CSE that is under way.
#ifndef SAEF_ROLES_CSE_CSE_H_
#define SAEF_ROLES_CSE_CSE_H_

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "bindings/log.h"

namespace saef::cse {

class Cse {
 public:
  // Reads cse.json (docs/configuration.md), loads the plugin, then listens. Or a sentence for a
  // person that says what is wrong and what would be right; then nothing has been listened to.
  static std::variant<std::unique_ptr<Cse>, std::string> Start(const std::string& config_path,
                                                               bindings::Log log);
  // Ends all sessions, then closes the plugin.
  ~Cse();
  Cse(const Cse&) = delete;
  Cse& operator=(const Cse&) = delete;

  // Where it listens, in the order of the configuration, with the real ports.
  std::vector<std::string> uris() const;
  // Its Absolute CSE-ID.
  std::string id() const;
  // Where it tells its statistics, "http://127.0.0.1:43123/metrics"; empty: nowhere.
  std::string statistics_uri() const;
  // Now open sessions, and resources, for tests and statistics.
  std::size_t sessions() const;
  std::size_t resources() const;
  // Does its Registrar, if it has one, have its registration?
  bool registered() const;

 private:
  class Impl;
  explicit Cse(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace saef::cse

#endif  // SAEF_ROLES_CSE_CSE_H_
