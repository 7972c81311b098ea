// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/km_fetcher.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <boost/test/unit_test.hpp>

#include "roles/maf/key_source.h"
#include "roles/maf/testing.h"

namespace saef::maf {
namespace {

// A MEF that takes datagrams and says nothing.
struct SilentMef {
  SilentMef() : socket(::socket(AF_INET, SOCK_DGRAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    BOOST_REQUIRE(bind(socket, reinterpret_cast<sockaddr*>(&address), length) == 0);
    BOOST_REQUIRE(getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length) == 0);
    mefs.push_back(
        {*onem2m::Fqdn::Parse("mef.example.com"),
         *bindings::Uri::Parse("coaps://127.0.0.1:" + std::to_string(ntohs(address.sin_port))),
         bindings::PskCredential{"maf@mef.example.com", testing::Key(3)}});
    auto opened = KmFetcher::Open(fqdn, mefs, clients, [](bindings::LogLevel, std::string_view) {});
    fetcher = std::move(std::get<std::unique_ptr<KmFetcher>>(opened));
  }
  ~SilentMef() {
    fetcher.reset();
    close(socket);
  }
  static onem2m::KeId KeIdOf(int number) {
    return *onem2m::KeId::Parse(std::to_string(number) + "@mef.example.com");
  }

  int socket;
  const onem2m::Fqdn fqdn = testing::MafFqdn();
  std::vector<end_point::MefAccess> mefs;
  std::vector<EnrolledClient> clients;
  std::unique_ptr<KmFetcher> fetcher;
  std::atomic<int> called{0};
};

BOOST_AUTO_TEST_SUITE(km_fetcher)

BOOST_FIXTURE_TEST_CASE(waiting_handshakes_are_bounded, SilentMef) {
  const auto count = [this](saef_ticket, std::int32_t) { ++called; };
  saef_ticket ticket = 0;
  const int most = static_cast<int>(KmFetcher::kMaxFetches);
  for (int i = 0; i < most; ++i) {
    BOOST_REQUIRE(fetcher->Fetch(KeIdOf(i), count, &ticket) == SAEF_PENDING);
  }
  BOOST_TEST(fetcher->Fetch(KeIdOf(most), count, &ticket) == SAEF_UNAVAILABLE);
  // Those that wait for the same KeId share a fetch; they have a bound of their own.
  std::size_t waiting = KmFetcher::kMaxFetches;
  for (; waiting < KmFetcher::kMaxWaiters; ++waiting) {
    BOOST_REQUIRE(fetcher->Fetch(KeIdOf(0), count, &ticket) == SAEF_PENDING);
  }
  BOOST_TEST(fetcher->Fetch(KeIdOf(0), count, &ticket) == SAEF_UNAVAILABLE);
  BOOST_TEST(fetcher->fetches() == KmFetcher::kMaxFetches);
  BOOST_TEST(fetcher->waiters() == KmFetcher::kMaxWaiters);
  // One gives up: there is room for another.
  BOOST_TEST(fetcher->Cancel(ticket));
  BOOST_TEST(!fetcher->Cancel(ticket));
  BOOST_TEST(fetcher->Fetch(KeIdOf(0), count, &ticket) == SAEF_PENDING);
  fetcher.reset();
  BOOST_TEST(called == 0);  // no callback runs once it is gone
}

BOOST_FIXTURE_TEST_CASE(only_a_configured_mefs_keids_are_fetched, SilentMef) {
  saef_ticket ticket = 0;
  const auto other = *onem2m::KeId::Parse("1@other.example.com");
  BOOST_TEST(fetcher->IsOfMef(KeIdOf(1)));
  BOOST_TEST(!fetcher->IsOfMef(other));
  BOOST_TEST(fetcher->Fetch(
                 other, [](saef_ticket, std::int32_t) {}, &ticket) == SAEF_UNKNOWN);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::maf
