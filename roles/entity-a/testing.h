// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the tests of Entity A share: a configuration, and a MAF and a CSE without sockets.
#ifndef SAEF_ROLES_ENTITY_A_TESTING_H_
#define SAEF_ROLES_ENTITY_A_TESTING_H_

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bindings/client.h"
#include "onem2m/maf_interface.h"
#include "roles/entity-a/configuration.h"
#include "roles/entity-a/entity_a.h"

namespace saef::entity_a::testing {

inline const std::string kCse1 = "//sp.example.com/cse1";
inline const std::string kAe1 = "//sp.example.com/cse1/Cae1";
inline const std::string kRelativeId = "00112233445566778899AABBCCDDEEFF";

inline onem2m::Secret Key(std::uint8_t octet) {
  return *onem2m::Secret::Copy(std::vector<std::uint8_t>(32, octet));
}

inline Configuration MakeConfiguration(KeySource source = KeySource::kExported) {
  return Configuration{
      .entity_id = kAe1,
      .originator = "Cae1",
      .cse_credential = {},
      .maf_fqdn = *onem2m::Fqdn::Parse("maf.example.com"),
      .key_registration = *bindings::Uri::Parse("coaps://127.0.0.1:5684/kr"),
      .maf_credential = bindings::PskCredential{"ae1@maf.example.com", Key(1)},
      .cse_id = *onem2m::CseId::ParseAbsolute(kCse1),
      .cse_uris = {*bindings::Uri::Parse("coaps://127.0.0.1:1"),
                   *bindings::Uri::Parse("https://127.0.0.1:2")},
      .key_source = source,
      .lifetime = {},
  };
}

// The world as Entity A meets it. Tests change it between calls.
struct World {
  // The MAF's answer to a registration.
  std::function<bindings::Result<onem2m::ResponsePrimitive>(const onem2m::RequestPrimitive&)> maf;
  std::optional<bindings::Error> maf_handshake;
  std::optional<bindings::Error> export_error;
  bool maf_makes_new_session = false;  // between handshake and request
  std::chrono::seconds key_lifetime{3600};
  // The CSE's answer to the handshake with this psk_identity, and to a request.
  std::function<std::optional<bindings::Error>(const std::string& identity)> cse_handshake;
  std::optional<bindings::Error> cse_answer;

  int registrations = 0;
  int maf_handshakes = 0;  // tried
  std::vector<bindings::ClientOptions> opened_at_cse;
  std::vector<onem2m::RequestPrimitive> maf_requests;
  std::vector<onem2m::RequestPrimitive> cse_requests;
  int living_clients = 0;

  World() {
    maf = [this](const onem2m::RequestPrimitive& request) { return Created(request); };
  }

  // A good answer, each with a key identifier of its own.
  bindings::Result<onem2m::ResponsePrimitive> Created(const onem2m::RequestPrimitive& request) {
    ++registrations;
    onem2m::maf::KeyRegistrationResponse answer;
    answer.relative_key_id = "KEY" + std::to_string(registrations);
    answer.expiration_time = onem2m::Now() + key_lifetime;
    answer.target_ids = {kCse1};
    answer.source_id = kAe1;
    auto response = onem2m::RespondTo(request, onem2m::ResponseStatusCode::kCreated);
    response.content = onem2m::maf::Write(answer);
    return response;
  }
};

class FakeClient : public bindings::Client {
 public:
  FakeClient(World& world, bool is_maf, std::string identity)
      : world_(world), is_maf_(is_maf), identity_(std::move(identity)) {
    ++world_.living_clients;
  }
  ~FakeClient() override { --world_.living_clients; }

  bindings::Result<void> Connect() override {
    std::optional<bindings::Error> error;
    if (is_maf_) {
      ++world_.maf_handshakes;
      error = world_.maf_handshake;
    } else if (world_.cse_handshake) {
      error = world_.cse_handshake(identity_);
    }
    if (error) {
      return *error;
    }
    ++sessions_;
    return {};
  }
  void Send(onem2m::RequestPrimitive request, std::chrono::milliseconds, Done done) override {
    if (is_maf_) {
      world_.maf_requests.push_back(request);
      sessions_ += world_.maf_makes_new_session ? 1 : 0;
      done(world_.maf(request));
      return;
    }
    if (world_.cse_answer) {
      done(*world_.cse_answer);
      return;
    }
    if (world_.cse_handshake) {
      // As after the end of a session: the next request shakes hands again.
      if (const auto error = world_.cse_handshake(identity_)) {
        done(*error);
        return;
      }
    }
    world_.cse_requests.push_back(request);
    done(onem2m::RespondTo(request, onem2m::ResponseStatusCode::kOk));
  }
  bindings::Result<onem2m::Secret> ExportKeyingMaterial(std::string_view label,
                                                        std::size_t length) override {
    BOOST_TEST(label == "EXPORTER-oneM2M-Connection");
    BOOST_TEST(sessions_ > 0u);
    if (world_.export_error) {
      return *world_.export_error;
    }
    return *onem2m::Secret::Copy(std::vector<std::uint8_t>(length, 0xEE));
  }
  void Disconnect() override {}
  std::uint64_t sessions_established() const override { return sessions_; }

 private:
  World& world_;
  const bool is_maf_;
  const std::string identity_;
  std::uint64_t sessions_ = 0;
};

inline EntityA::OpenClient Opener(World& world) {
  return
      [&world](
          bindings::ClientOptions options) -> bindings::Result<std::unique_ptr<bindings::Client>> {
        const bool is_maf = options.uri.path == "/kr";
        std::string identity = std::get<bindings::PskCredential>(options.credential).identity;
        if (!is_maf) {
          world.opened_at_cse.push_back(std::move(options));
        }
        return std::unique_ptr<bindings::Client>(
            std::make_unique<FakeClient>(world, is_maf, std::move(identity)));
      };
}

}  // namespace saef::entity_a::testing

#endif  // SAEF_ROLES_ENTITY_A_TESTING_H_
