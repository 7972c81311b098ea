// SPDX-License-Identifier: GPL-3.0-or-later
//
// Entity A associates with a CSE that takes its keys from the MAF (here without the plugin, which
// has tests of its own).
#include <boost/test/unit_test.hpp>
#include <set>

#include "bindings/coap/server.h"
#include "bindings/http/server.h"
#include "roles/testing.h"

namespace saef::roles {
namespace {

using entity_a::Party;
using testing::House;

// Answers every request with 2000 and the psk_identity of its session.
class EchoHandler : public bindings::RequestHandler {
 public:
  void Handle(onem2m::RequestPrimitive request, std::shared_ptr<bindings::Session> session,
              bindings::Respond respond) override {
    auto response = onem2m::RespondTo(request, onem2m::ResponseStatusCode::kOk);
    response.content = "\"" + session->psk_identity() + " " + request.from.value_or("") + "\"";
    if (end_sessions) {
      session->EndAfterResponse();
    }
    respond(std::move(response));
  }
  std::atomic<bool> end_sessions{false};
};

struct Cse : House {
  Cse() {
    StartMaf();
    maf_client = MafClient("cse1");
    coap_server = *coap::StartServer(Options(), handler);
    http_server = *http::StartServer(Options(), handler);
    coap_uri = "coaps://127.0.0.1:" + std::to_string(coap_server->ports()[0]);
    http_uri = "https://127.0.0.1:" + std::to_string(http_server->ports()[0]);
  }

  bindings::ServerOptions Options() {
    bindings::ServerOptions options;
    options.listeners = {{"127.0.0.1", 0, true}};
    options.keys = bindings::PskTable([this](std::string_view identity) { return Find(identity); });
    return options;
  }

  onem2m::Result<onem2m::Secret> Find(std::string_view identity) {
    {
      const MutexLock lock(mutex);
      if (refused.count(std::string(identity)) != 0) {
        return onem2m::Error::kBadForm;
      }
    }
    const auto response =
        maf_client->SendAndWait(Retrieval(std::string(identity)), testing::kPatience);
    if (!response || response->status != onem2m::ResponseStatusCode::kOk) {
      return onem2m::Error::kBadForm;
    }
    auto answer = onem2m::maf::ParseKeyRetrievalResponse(response->content);
    if (!answer) {
      return answer.error();
    }
    return std::move(answer->key);
  }
  void Refuse(const std::string& identity) {
    const MutexLock lock(mutex);
    refused.insert(identity);
  }
  static std::string Send(entity_a::EntityA& entity) {
    onem2m::RequestPrimitive request;
    request.to = "base";
    auto response = entity.Send(std::move(request), testing::kPatience);
    BOOST_REQUIRE_MESSAGE(response.has_value(), response.error().text);
    return response->content;
  }

  Mutex mutex;
  std::set<std::string> refused SAEF_GUARDED_BY(mutex);
  std::unique_ptr<bindings::Client> maf_client;
  EchoHandler handler;
  std::unique_ptr<bindings::Server> coap_server;
  std::unique_ptr<bindings::Server> http_server;
  std::string coap_uri;
  std::string http_uri;
};

BOOST_AUTO_TEST_SUITE(association)

BOOST_FIXTURE_TEST_CASE(associates_and_sends, Cse) {
  for (const std::string& uri : {coap_uri, http_uri}) {
    for (const char* kc : {"exported", "self-generated"}) {
      const auto entity = OpenEntity(kc, 0, "\"" + uri + "\"");
      const std::string first = Send(*entity);
      BOOST_TEST(first == "\"" + entity->key()->kc_id.text() + " Cae1\"");
      BOOST_TEST(Send(*entity) == first);
      BOOST_TEST(entity->registrations() == 1u);
    }
  }
}

BOOST_FIXTURE_TEST_CASE(refused_it_registers_afresh_and_tries_again, Cse) {
  handler.end_sessions = true;  // so that the next request needs a handshake
  for (const std::string& uri : {coap_uri, http_uri}) {
    const auto entity = OpenEntity("exported", 0, "\"" + uri + "\"");
    Send(*entity);
    const std::string old = entity->key()->kc_id.text();
    Refuse(old);
    std::string answer = Send(*entity);
    // One that comes on the heels of an answer may still find the session that ends.
    for (int i = 0; i < 20 && entity->key()->kc_id.text() == old; ++i) answer = Send(*entity);
    BOOST_TEST(entity->key()->kc_id.text() != old);
    BOOST_TEST(answer == "\"" + entity->key()->kc_id.text() + " Cae1\"");
    BOOST_TEST(entity->registrations() == 2u);
  }
}

BOOST_FIXTURE_TEST_CASE(an_expired_key_is_replaced, Cse) {
  const auto entity = OpenEntity("exported", 0, "\"" + coap_uri + "\"", R"("lifetimeSeconds": 2,)");
  Send(*entity);
  const auto old = entity->key();
  const auto deadline = std::chrono::steady_clock::now() + testing::kPatience;
  while (entity->registrations() < 3) {
    BOOST_REQUIRE((std::chrono::steady_clock::now() < deadline));
    Send(*entity);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  BOOST_TEST(entity->key()->kc_id.text() != old->kc_id.text());
}

BOOST_FIXTURE_TEST_CASE(a_cse_that_always_refuses_ends_it, Cse) {
  maf_client = MafClient("cse2");  // to whom the MAF gives nothing
  for (const std::string& uri : {coap_uri, http_uri}) {
    const auto entity = OpenEntity("exported", 0, "\"" + uri + "\"");
    const auto associated = entity->Associate();
    BOOST_REQUIRE(associated.has_error());
    BOOST_TEST((associated.error().party == Party::kCse));
    BOOST_TEST(associated.error().exit_code() == 1);
    BOOST_TEST(entity->registrations() == 2u);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::roles
