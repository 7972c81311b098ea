// SPDX-License-Identifier: GPL-3.0-or-later
//
// ScriptedMaf: a MAF on a real DTLS socket that has a key for every KcId, at once: 32 octets, whose
// source is the AE "//sp.example.com/cse1/C<RelativeKcId>". It keeps nothing for each key.
#ifndef SAEF_TESTS_BENCH_SCRIPTED_MAF_H_
#define SAEF_TESTS_BENCH_SCRIPTED_MAF_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "bindings/server.h"
#include "onem2m/primitive.h"

namespace saef::bench {

inline const std::string kKm(64, '5');  // in hexadecimal digits
inline const std::string kKmId = "cse1@maf.example.com";

class ScriptedMaf : public bindings::RequestHandler {
 public:
  ScriptedMaf();

  // On any port of 127.0.0.1. A sentence where that fails.
  std::optional<std::string> Start();
  std::uint16_t port() const { return server_->ports().at(0); }

  void Handle(onem2m::RequestPrimitive request, std::shared_ptr<bindings::Session> session,
              bindings::Respond respond) override;

 private:
  const std::string key_;  // in base64
  std::unique_ptr<bindings::Server> server_;
};

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_SCRIPTED_MAF_H_
