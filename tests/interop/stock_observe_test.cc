// SPDX-License-Identifier: GPL-3.0-or-later
//
// Our client observes (RFC 7641) what isn't ours: the clock of Debian's coap-server, which tells
// the time each second and knows nothing of oneM2M.
#include <boost/test/unit_test.hpp>
#include <string>

#include "bindings/coap/client.h"
#include "bindings/coap/observed_server.h"
#include "bindings/coap/stock_server.h"

namespace saef::coap::test {
namespace {

const std::string kStockKey = "a stock key 0123";

std::unique_ptr<bindings::Client> OpenTo(const StockServer& server, bool secure) {
  bindings::ClientOptions options;
  options.uri = {secure ? bindings::Scheme::kCoaps : bindings::Scheme::kCoap, "127.0.0.1",
                 server.port(secure), ""};
  if (secure) options.credential = bindings::PskCredential{"ae1", Key(kStockKey)};
  return *OpenClient(std::move(options));
}

// Of requests and observers, in what the server has said.
constexpr char kDeregistration[] = "[ Observe:1, ";
constexpr char kRemoved[] = "removed subscription";

// How often the server has said this.
std::size_t CountOf(const StockServer& server, const std::string& said) {
  const std::string log = server.log();
  std::size_t count = 0;
  for (auto at = log.find(said); at != std::string::npos; at = log.find(said, at + 1)) ++count;
  return count;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(stock_observe)

BOOST_AUTO_TEST_CASE(the_clock_is_told_until_it_is_cancelled) {
  const StockServer server(kStockKey);
  BOOST_REQUIRE(Eventually([&] { return CountOf(server, "created DTLS endpoint") == 1; }));
  std::size_t ended = 0;
  for (const bool secure : {false, true}) {
    BOOST_TEST_CONTEXT((secure ? "over DTLS" : "in the clear")) {
      const auto client = OpenTo(server, secure);
      Told told;
      const auto id =
          client->Observe(Request(onem2m::Operation::kRetrieve, "time"), kLong, told.Notify());
      // The answer to the request, and then notifications.
      BOOST_TEST(Eventually([&] { return told.count() >= 1; }));
      const std::string first = told.last();
      BOOST_TEST(first != "");
      BOOST_TEST(Eventually([&] { return told.count() >= 3; }));
      BOOST_TEST(told.last() != first);
      BOOST_TEST((told.last_status() == onem2m::ResponseStatusCode::kOk));
      BOOST_TEST(told.errors().empty());

      BOOST_TEST(CountOf(server, kRemoved) == ended);
      client->CancelObserve(id);
      const std::size_t count = told.count();
      ++ended;
      BOOST_TEST(Eventually([&] { return CountOf(server, kRemoved) == ended; }));
      BOOST_TEST(CountOf(server, kDeregistration) == ended);
      // While another one is told the time, in the same session.
      Told other;
      const auto other_id =
          client->Observe(Request(onem2m::Operation::kRetrieve, "time"), kLong, other.Notify());
      BOOST_TEST(Eventually([&] { return other.count() >= 3; }));
      BOOST_TEST(told.count() == count);
      BOOST_TEST(told.errors().empty());
      BOOST_TEST(client->sessions_established() == 1u);
      client->CancelObserve(other_id);
      ++ended;
      BOOST_TEST(Eventually([&] { return CountOf(server, kRemoved) == ended; }));
      BOOST_TEST(CountOf(server, kDeregistration) == ended);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace saef::coap::test
