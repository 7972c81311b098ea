// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the tests of the MAF share: clients, a session without a socket.
#ifndef SAEF_ROLES_MAF_TESTING_H_
#define SAEF_ROLES_MAF_TESTING_H_

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "bindings/log.h"
#include "bindings/session.h"
#include "onem2m/primitive.h"
#include "onem2m/test_folder.h"
#include "onem2m/timestamp.h"
#include "roles/maf/client_table.h"
#include "roles/maf/error.h"

namespace saef::key_store {

// For BOOST_TEST.
inline std::ostream& operator<<(std::ostream& stream, Error error) {
  return stream << make_error_code(error).message();
}

}  // namespace saef::key_store

namespace saef::maf {

namespace testing {

inline constexpr onem2m::Time kNow{std::chrono::seconds(1'700'000'000)};

inline onem2m::Secret Key(std::uint8_t octet, std::size_t size = 32) {
  return *onem2m::Secret::Copy(std::vector<std::uint8_t>(size, octet));
}

inline onem2m::Fqdn MafFqdn() { return *onem2m::Fqdn::Parse("maf.example.com"); }

inline Client MakeClient(const std::string& name, std::optional<Entity> entity,
                         std::vector<std::string> may_register_for = {},
                         std::vector<std::string> may_update_targets_of = {}) {
  return Client{*onem2m::KmId::Make(name, MafFqdn()), Key(1), std::move(entity),
                std::move(may_register_for), std::move(may_update_targets_of)};
}

inline const std::string kCse1 = "//sp.example.com/cse1";
inline const std::string kCse2 = "//sp.example.com/cse2";
inline const std::string kAe1 = "//sp.example.com/cse1/Cae1";

inline const std::string kAdmin = "//sp.example.com/cse1/Cadmin";

inline ClientTable Clients() {
  std::vector<Client> clients;
  clients.push_back(MakeClient("ae1", Entity{kAe1, onem2m::EntityKind::kAe}, {kCse1, kCse2}));
  clients.push_back(MakeClient("anonymous", std::nullopt, {kCse1}));
  clients.push_back(MakeClient("cse1", Entity{kCse1, onem2m::EntityKind::kCse}));
  clients.push_back(MakeClient("cse2", Entity{kCse2, onem2m::EntityKind::kCse}, {kCse1}));
  clients.push_back(MakeClient("admin", Entity{kAdmin, onem2m::EntityKind::kAe}, {kCse2}, {kAe1}));
  return std::move(std::get<ClientTable>(ClientTable::Make(std::move(clients))));
}

// A log in which only errors count.
inline bindings::Log CountErrors(int& errors) {
  return [&errors](bindings::LogLevel level, std::string_view) {
    errors += level == bindings::LogLevel::kError ? 1 : 0;
  };
}

class FakeSession : public bindings::Session {
 public:
  explicit FakeSession(std::string identity = "ae1@maf.example.com", std::uint8_t octet = 0xAB)
      : identity_(std::move(identity)), octet_(octet) {}

  bool secure() const override { return secure_; }
  std::string psk_identity() const override { return identity_; }
  std::vector<std::string> peer_certificates() const override { return certificates_; }
  saef_association association() const override { return SAEF_NO_ASSOCIATION; }
  bindings::Result<onem2m::Secret> ExportKeyingMaterial(std::string_view label,
                                                        std::size_t length) override {
    if (export_error_) {
      return *export_error_;
    }
    label_ = label;
    std::vector<std::uint8_t> octets(length, octet_);
    std::fill(octets.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(16, length)),
              octets.end(), static_cast<std::uint8_t>(octet_ + 1));
    return *onem2m::Secret::Copy(octets);
  }
  void EndAfterResponse() override { ended_ = true; }
  std::string peer() const override { return "127.0.0.1:40000"; }

  bool secure_ = true;
  std::string identity_;
  std::vector<std::string> certificates_;
  std::uint8_t octet_;
  std::optional<bindings::Error> export_error_;
  std::string label_;
  bool ended_ = false;
};

}  // namespace testing
}  // namespace saef::maf

#endif  // SAEF_ROLES_MAF_TESTING_H_
