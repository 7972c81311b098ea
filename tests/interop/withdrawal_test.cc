// SPDX-License-Identifier: GPL-3.0-or-later
//
// A key that is taken back at the MAF, with the MAF's own program behind it: the CSE's plugin
// observes its keys there (RFC 7641) and ends what rests on them; where it can't observe, the age
// of its cache does it.
#include <boost/test/unit_test.hpp>

#include "roles/cse/test_requests.h"
#include "tests/interop/parties.h"

namespace saef::interop_test {
namespace {

using cse::test::Create;
using cse::test::kAe;
using cse::test::Retrieve;

// The AE Cae1 with an association over this binding, and an AE of another key beside it.
struct Sessions {
  Sessions(const Parties& parties, const char* scheme)
      : key(parties.Register()),
        other_key(parties.Register({.client = "ae2"})),
        client(parties.Open(scheme, &key)),
        other(parties.Open(scheme, &other_key)) {
    BOOST_TEST(Ask(*client, Create("base", "Cae1", 2, kAe)) == 2001);
    BOOST_TEST(Ask(*other, Create("base", "Cother", 2, kAe)) == 2001);
  }
  bool StandBoth() const { return Ask(*client, Retrieve("Cae1", "Cae1")) == 2000 && StandsOther(); }
  bool StandsOther() const { return Ask(*other, Retrieve("Cother", "Cother")) == 2000; }

  const Key key, other_key;
  const std::unique_ptr<bindings::Client> client, other;
};

// The session of `key` has ended and there is no other with that key; what rests on another goes
// on.
void CheckEnded(Parties& parties, const Sessions& sessions) {
  BOOST_TEST(Eventually([&] { return parties.cse().sessions() == 1; }));
  // The client would shake hands again.
  BOOST_TEST(Ask(*sessions.client, Retrieve("Cae1", "Cae1")) == 0);
  for (const char* scheme : kSecureSchemes) {
    const auto connected = parties.Open(scheme, &sessions.key)->Connect();
    BOOST_TEST((connected.has_error() && connected.error() == bindings::Error::kCredentialRefused));
  }
  BOOST_TEST(sessions.StandsOther());
  BOOST_TEST(sessions.other->sessions_established() == 1U);
}

BOOST_AUTO_TEST_SUITE(withdrawal)

// The cache's age is a day here, so it is Observe that tells it.
BOOST_AUTO_TEST_CASE(a_deregistration_at_the_maf_ends_the_session) {
  for (const char* scheme : kSecureSchemes) {
    BOOST_TEST_CONTEXT(scheme) {
      Parties parties;
      const Sessions sessions(parties, scheme);
      BOOST_TEST(parties.cse().sessions() == 2U);
      // Not at the word of somebody else.
      BOOST_TEST(parties.Deregister(sessions.key, "ae2") == 4103);
      BOOST_TEST(parties.Deregister(sessions.key, "cse1") == 4103);
      BOOST_TEST(sessions.StandBoth());
      BOOST_TEST(parties.Deregister(sessions.key) == 2002);
      CheckEnded(parties, sessions);
      // A fresh key of the same entity is as good as ever.
      const Key fresh = parties.Register();
      BOOST_TEST(Ask(*parties.Open(scheme, &fresh), Retrieve("Cae1", "Cae1")) == 2000);
    }
  }
}

BOOST_AUTO_TEST_CASE(in_less_than_a_second, *boost::unit_test::label("measures")) {
  for (const char* scheme : kSecureSchemes) {
    BOOST_TEST_CONTEXT(scheme) {
      Parties parties;
      const Sessions sessions(parties, scheme);
      const auto begin = std::chrono::steady_clock::now();
      BOOST_TEST(parties.Deregister(sessions.key) == 2002);
      BOOST_TEST(Eventually([&] { return parties.cse().sessions() == 1; }));
      BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds(1)));
    }
  }
}

// What a MAF does whose administrator takes a client out of its configuration.
BOOST_AUTO_TEST_CASE(keys_of_a_client_that_the_maf_knows_no_more_end) {
  for (const char* scheme : kSecureSchemes) {
    BOOST_TEST_CONTEXT(scheme) {
      Parties parties;
      const Sessions sessions(parties, scheme);
      parties.StopMaf();
      BOOST_TEST(sessions.StandBoth());  // a MAF that is away has taken nothing back
      parties.StartMaf("ae1");
      CheckEnded(parties, sessions);
    }
  }
}

// Each way in which the MAF can't be observed: we don't want to, its sessions end with each
// procedure (TS-0003 8.x.6 step 7), it is asked over HTTP.
BOOST_AUTO_TEST_CASE(where_nothing_is_observed_the_age_of_the_cache_finds_it_out) {
  const PartiesOptions cases[] = {
      {.plugin_more = R"(,"observe":false,"cache":{"maxAgeSeconds":1})"},
      {.maf_more = R"(,"endSessionAfterProcedure":true)",
       .plugin_more = R"(,"cache":{"maxAgeSeconds":1})"},
      {.maf_scheme = "https", .plugin_more = R"(,"cache":{"maxAgeSeconds":1})"},
  };
  for (const char* scheme : kSecureSchemes) {
    for (const PartiesOptions& options : cases) {
      BOOST_TEST_CONTEXT(scheme << options.maf_scheme << options.maf_more << options.plugin_more) {
        Parties parties(options);
        const Sessions sessions(parties, scheme);
        BOOST_TEST(parties.Deregister(sessions.key) == 2002);
        CheckEnded(parties, sessions);
      }
    }
  }
}

// With neither, nothing tells it: the session is left in peace until Kc ends. The second pair of
// parties is the clock: a notification had all the time in the world there.
BOOST_AUTO_TEST_CASE(switched_off_is_off) {
  Parties silent({.plugin_more = R"(,"observe":false)"});
  const Sessions unheard(silent, "coaps");
  Parties observing;
  const Sessions heard(observing, "coaps");
  BOOST_TEST(silent.Deregister(unheard.key) == 2002);
  BOOST_TEST(observing.Deregister(heard.key) == 2002);
  CheckEnded(observing, heard);
  BOOST_TEST(silent.cse().sessions() == 2U);
  BOOST_TEST(unheard.StandBoth());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::interop_test
