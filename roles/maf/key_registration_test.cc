// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/key_registration.h"

#include <boost/test/unit_test.hpp>

#include "onem2m/key_derivation.h"
#include "roles/maf/testing.h"
#include "roles/maf/waiting_store.h"

namespace saef::maf {
namespace {

using onem2m::RequestPrimitive;
using onem2m::ResponsePrimitive;
using onem2m::ResponseStatusCode;

using testing::kNow;
const std::string kExportedId(32, 'A');  // 16 octets of 0xAA

struct Registrar : onem2m::TestFolder {
  Registrar() { session.octet_ = 0xAA; }

  ResponsePrimitive Register(const std::string& content,
                             const char* source = "ae1@maf.example.com") {
    RequestPrimitive request;
    request.operation = onem2m::Operation::kCreate;
    request.to = "kr";
    request.request_identifier = "r1";
    request.content = content;
    auto prepared = registration.Prepare(request, *clients.Find(source), session, kNow);
    BOOST_TEST(request.content.empty());
    if (auto* const refusal = std::get_if<ResponsePrimitive>(&prepared)) {
      return std::move(*refusal);
    }
    return registration.Register(request, std::get<KeyRecord>(prepared), *store, kNow);
  }
  int StatusOf(const std::string& content, const char* source = "ae1@maf.example.com") {
    return onem2m::Number(Register(content, source).status);
  }
  onem2m::maf::KeyRegistrationResponse Registered(const std::string& content,
                                                  const char* source = "ae1@maf.example.com") {
    const ResponsePrimitive response = Register(content, source);
    BOOST_REQUIRE_MESSAGE(response.status == ResponseStatusCode::kCreated, response.content);
    BOOST_TEST(response.request_identifier == "r1");
    auto parsed = onem2m::maf::ParseKeyRegistrationResponse(response.content);
    BOOST_REQUIRE(parsed.has_value());
    return std::move(*parsed);
  }

  onem2m::Fqdn fqdn = testing::MafFqdn();
  Lifetime lifetime{std::chrono::seconds(1000), std::chrono::seconds(5000)};
  ClientTable clients = testing::Clients();
  std::unique_ptr<testing::WaitingStore> store = testing::WaitingStore::Open(Path("s"));
  int errors = 0;
  bindings::Log log = testing::CountErrors(errors);
  KeyRegistration registration{fqdn, lifetime, 50, log};
  testing::FakeSession session;
};

const std::string kExported = R"({"suid":32,"targetIDs":["//sp.example.com/cse1"]})";
const std::string kOwn = R"({"suid":32,"targetIDs":["//sp.example.com/cse1"],)"
                         R"("keyValue":"AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM="})";

BOOST_AUTO_TEST_SUITE(key_registration)

BOOST_FIXTURE_TEST_CASE(an_exported_key, Registrar) {
  const auto answer = Registered(kExported);
  BOOST_TEST(session.label_ == onem2m::kConnectionExportLabel);
  BOOST_TEST(answer.relative_key_id == kExportedId);
  BOOST_TEST((answer.expiration_time == kNow + std::chrono::seconds(1000)));
  BOOST_TEST((answer.suid == onem2m::Suid::kMafSaef));
  BOOST_TEST(answer.target_ids == std::vector{testing::kCse1});
  BOOST_TEST(*answer.source_id == testing::kAe1);
  const auto record = std::move(**store->Find(kExportedId));
  BOOST_TEST(record.key.Equals(testing::Key(0xAB).bytes()));
  BOOST_TEST(record.source_km_id == "AE1@maf.example.com");
}

BOOST_FIXTURE_TEST_CASE(an_own_key_of_a_source_known_by_its_credential, Registrar) {
  // No export is needed, nor possible.
  session.export_error_ = bindings::Error::kNoExtendedMasterSecret;
  const ResponsePrimitive response = Register(kOwn, "anonymous@maf.example.com");
  BOOST_REQUIRE(response.status == ResponseStatusCode::kCreated);
  const auto answer = *onem2m::maf::ParseKeyRegistrationResponse(response.content);
  BOOST_TEST(answer.relative_key_id.size() == 32u);
  BOOST_TEST(answer.relative_key_id.find_first_not_of("0123456789ABCDEF") == std::string::npos);
  BOOST_TEST(!answer.source_id);
  const auto record = std::move(**store->Find(answer.relative_key_id));
  BOOST_TEST(record.key.Equals(testing::Key(3).bytes()));
  BOOST_TEST(!record.source);
}

BOOST_FIXTURE_TEST_CASE(identifiers_differ, Registrar) {
  std::vector<std::string> seen;
  for (int i = 0; i < 20; ++i) {
    for (const std::string& content : {kOwn, kExported}) {
      const auto answer = Registered(content);
      BOOST_TEST(std::count(seen.begin(), seen.end(), answer.relative_key_id) == 0);
      seen.push_back(answer.relative_key_id);
    }
  }
  // The exported one is taken the first time only; Kc is the exported one each time.
  BOOST_TEST(seen[1] == kExportedId);
  BOOST_TEST((*store->Find(seen[3]))->key.Equals(testing::Key(0xAB).bytes()));
  // … and it isn't given again after the key has gone.
  BOOST_TEST(*store->Remove(kExportedId, kNow) == 1u);
  BOOST_TEST(Registered(kExported).relative_key_id != kExportedId);
}

BOOST_FIXTURE_TEST_CASE(lifetimes, Registrar) {
  const auto expires = [&](std::int64_t wish) {
    const auto time = kNow + std::chrono::seconds(wish);
    return (Registered(R"({"suid":32,"targetIDs":["//sp.example.com/cse1"],"expirationTime":")" +
                       onem2m::FormatTimestamp(time) + "\"}")
                .expiration_time -
            kNow)
        .count();
  };
  BOOST_TEST(expires(1) == 1);
  BOOST_TEST(expires(4999) == 4999);
  BOOST_TEST(expires(5001) == 5000);
  BOOST_TEST(expires(1'000'000'000) == 5000);
  for (const char* past : {"20231114T221320", "20231114T221319", "19700101T000000"}) {
    BOOST_TEST(StatusOf(R"({"suid":32,"targetIDs":["//sp.example.com/cse1"],"expirationTime":")" +
                        std::string(past) + "\"}") == 4000);
  }
}

BOOST_FIXTURE_TEST_CASE(several_targets_for_esdata, Registrar) {
  const auto answer =
      Registered(R"({"suid":34,"targetIDs":["//sp.example.com/cse1","//SP.example.com/cse2"]})");
  BOOST_TEST((answer.target_ids == std::vector{testing::kCse1, testing::kCse2}));
}

BOOST_FIXTURE_TEST_CASE(refused, Registrar) {
  struct Case {
    int status;
    std::string content;
  };
  const Case cases[] = {
      {4000, ""},
      {4000, "{"},
      {4000, "[]"},
      {4000, "{}"},
      {4000, kExported + "x"},
      {4000, R"({"suid":32})"},
      {4000, R"({"targetIDs":["//sp.example.com/cse1"]})"},
      {4000, R"({"suid":"32","targetIDs":["//sp.example.com/cse1"]})"},
      {4000, R"({"suid":21,"targetIDs":["//sp.example.com/cse1"]})"},
      {4000, R"({"suid":12,"targetIDs":["//sp.example.com/cse1"]})"},
      {4000, R"({"suid":99,"targetIDs":["//sp.example.com/cse1"]})"},
      {4000, R"({"suid":32,"suid":32,"targetIDs":["//sp.example.com/cse1"]})"},
      {4000, R"({"suid":32,"targetIDs":[]})"},
      {4000, R"({"suid":32,"targetIDs":"//sp.example.com/cse1"})"},
      {4000, R"({"suid":32,"targetIDs":["/cse1"]})"},
      {4000, R"({"suid":32,"targetIDs":["//sp.example.com/cse1","//sp.example.com/cse2"]})"},
      {4000, R"({"suid":34,"targetIDs":["//sp.example.com/cse1","//SP.example.com/cse1"]})"},
      {4000, R"({"suid":32,"targetIDs":["//sp.example.com/cse1"],"keyValue":"AwMDAw=="})"},
      {4000, R"({"suid":32,"targetIDs":["//sp.example.com/cse1"],"keyValue":"no base 64"})"},
      {4000, R"({"suid":32,"targetIDs":["//sp.example.com/cse1"],"keyValue":7})"},
      {4000, R"({"suid":32,"targetIDs":["//sp.example.com/cse1"],"expirationTime":"soon"})"},
      {4103, R"({"suid":32,"targetIDs":["//sp.example.com/cse3"]})"},
      {4103, R"({"suid":32,"targetIDs":["//sp.example.com/cse1/Cae1"]})"},
      {4103, R"({"suid":34,"targetIDs":["//sp.example.com/cse1","//sp.example.com/cse3"]})"},
  };
  for (const Case& c : cases) {
    BOOST_TEST_CONTEXT(c.content) { BOOST_TEST(StatusOf(c.content) == c.status); }
  }
  BOOST_TEST(StatusOf(kOwn, "cse1@maf.example.com") == 4103);
  BOOST_TEST(StatusOf(R"({"suid":32,"targetIDs":["//sp.example.com/cse2"]})",
                      "anonymous@maf.example.com") == 4103);
  BOOST_TEST(store->RemoveExpired(kNow + std::chrono::hours(10000))->size() == 0u);
}

BOOST_FIXTURE_TEST_CASE(no_export_without_extended_master_secret, Registrar) {
  session.export_error_ = bindings::Error::kNoExtendedMasterSecret;
  const ResponsePrimitive response = Register(kExported);
  BOOST_TEST((response.status == ResponseStatusCode::kBadRequest));
  BOOST_TEST(response.content.find("RFC 7627") != std::string::npos);
  session.export_error_ = bindings::Error::kClosed;
  BOOST_TEST(StatusOf(kExported) == 5000);
}

BOOST_FIXTURE_TEST_CASE(as_many_keys_as_allowed, Registrar) {
  for (int i = 0; i < 50; ++i) {
    BOOST_REQUIRE(StatusOf(kOwn) == 2001);
  }
  BOOST_TEST(StatusOf(kOwn) == 4103);
  BOOST_TEST(StatusOf(kOwn, "anonymous@maf.example.com") == 2001);
}

BOOST_FIXTURE_TEST_CASE(only_the_source_removes, Registrar) {
  const std::string id = Registered(kExported).relative_key_id;
  RequestPrimitive request;
  const auto remove = [&](const std::string& key, const char* who, onem2m::Time now = kNow) {
    return onem2m::Number(
        registration.Remove(request, key, *clients.Find(who), *store, now).status);
  };
  BOOST_TEST(remove(id, "cse1@maf.example.com") == 4103);
  BOOST_TEST(remove(id, "anonymous@maf.example.com") == 4103);
  BOOST_TEST(remove(std::string(32, 'B'), "ae1@maf.example.com") == 4004);
  BOOST_TEST(remove(id, "ae1@maf.example.com", kNow + std::chrono::seconds(1000)) == 4004);
  BOOST_TEST(remove(id, "ae1@maf.example.com") == 2002);
  BOOST_TEST(remove(id, "ae1@maf.example.com") == 4004);
}

BOOST_FIXTURE_TEST_CASE(the_target_list_of_esdata_changes, Registrar) {
  const std::string data =
      Registered(R"({"suid":34,"targetIDs":["//sp.example.com/cse1"]})").relative_key_id;
  const std::string saef = Registered(kOwn).relative_key_id;
  const auto update = [&](const std::string& key, const std::string& content, const char* who) {
    RequestPrimitive request;
    request.content = content;
    return onem2m::Number(
        registration.UpdateTargets(request, key, *clients.Find(who), *store, kNow).status);
  };
  const std::string both = R"({"targetIDs":["//sp.example.com/cse2","//sp.example.com/cse1"]})";
  BOOST_TEST(update(data, both, "ae1@maf.example.com") == 2004);
  BOOST_TEST(((*store->Find(data))->targets == std::vector{testing::kCse2, testing::kCse1}));
  BOOST_TEST(update(data, both, "cse2@maf.example.com") == 4103);
  BOOST_TEST(update(data, R"({"targetIDs":[]})", "ae1@maf.example.com") == 4000);
  BOOST_TEST(update(data, R"({"targetIDs":["//sp.example.com/cse3"]})", "ae1@maf.example.com") ==
             4103);
  BOOST_TEST(update(saef, R"({"targetIDs":["//sp.example.com/cse2"]})", "ae1@maf.example.com") ==
             4005);
  BOOST_TEST(update(std::string(32, 'B'), both, "ae1@maf.example.com") == 4004);
  BOOST_TEST(((*store->Find(saef))->targets == std::vector{testing::kCse1}));
}

BOOST_FIXTURE_TEST_CASE(lists_of_targets_have_a_bound, Registrar) {
  const auto list = [](std::size_t count) {
    std::string targets = R"("//sp.example.com/cse1")";
    for (std::size_t i = 1; i < count; ++i) {
      targets += R"(,"//sp.example.com/x)" + std::to_string(i) + "\"";
    }
    return "\"targetIDs\":[" + targets + "]}";
  };
  std::vector<Client> many;
  many.push_back(testing::MakeClient("many", std::nullopt, {testing::kCse1}));
  for (std::size_t i = 1; i <= onem2m::maf::kMaxTargets; ++i) {
    many[0].may_register_for.push_back("//sp.example.com/x" + std::to_string(i));
  }
  clients = std::move(std::get<ClientTable>(ClientTable::Make(std::move(many))));
  const char* const who = "many@maf.example.com";
  const std::string most = list(onem2m::maf::kMaxTargets);
  const std::string more = list(onem2m::maf::kMaxTargets + 1);
  for (const char* suid : {"{\"suid\":34,", "{\"suid\":35,"}) {
    BOOST_TEST(StatusOf(suid + more, who) == 4000);
    const std::string id = Registered(suid + most, who).relative_key_id;
    const auto update = [&](const std::string& content) {
      RequestPrimitive request;
      request.content = content;
      return onem2m::Number(
          registration.UpdateTargets(request, id, *clients.Find(who), *store, kNow).status);
    };
    BOOST_TEST(update("{" + list(1)) == 2004);
    BOOST_TEST(update("{" + more) == 4000);
    BOOST_TEST((*store->Find(id))->targets.size() == 1u);
    BOOST_TEST(update("{" + most) == 2004);
    BOOST_TEST((*store->Find(id))->targets.size() == onem2m::maf::kMaxTargets);
  }
  BOOST_TEST(StatusOf("{\"suid\":33," + list(2), who) == 4000);
}

BOOST_FIXTURE_TEST_CASE(authorised_entities_update_the_target_list, Registrar) {
  const std::string data =
      Registered(R"({"suid":35,"targetIDs":["//sp.example.com/cse1"]})").relative_key_id;
  const auto update = [&](const std::string& content, const char* who) {
    RequestPrimitive request;
    request.content = content;
    return onem2m::Number(
        registration.UpdateTargets(request, data, *clients.Find(who), *store, kNow).status);
  };
  // cse1 stays, because it stands there; cse2 is one that the administrator may add.
  const std::string both = R"({"targetIDs":["//sp.example.com/cse1","//sp.example.com/cse2"]})";
  BOOST_TEST(update(both, "admin@maf.example.com") == 2004);
  BOOST_TEST(((*store->Find(data))->targets == std::vector{testing::kCse1, testing::kCse2}));
  BOOST_TEST(update(R"({"targetIDs":["//sp.example.com/cse2"]})", "admin@maf.example.com") == 2004);
  BOOST_TEST(update(both, "admin@maf.example.com") == 4103);
  // Strangers, a target among them.
  BOOST_TEST(update(both, "cse2@maf.example.com") == 4103);
  BOOST_TEST(update(both, "cse1@maf.example.com") == 4103);
  BOOST_TEST(update(both, "anonymous@maf.example.com") == 4103);
  BOOST_TEST(((*store->Find(data))->targets == std::vector{testing::kCse2}));
  // To update isn't to remove, and not to update another's.
  RequestPrimitive request;
  BOOST_TEST(
      onem2m::Number(
          registration.Remove(request, data, *clients.Find("admin@maf.example.com"), *store, kNow)
              .status) == 4103);
  const std::string other =
      Registered(R"({"suid":34,"targetIDs":["//sp.example.com/cse1"]})", "cse2@maf.example.com")
          .relative_key_id;
  request.content = R"({"targetIDs":["//sp.example.com/cse2"]})";
  BOOST_TEST(onem2m::Number(registration
                                .UpdateTargets(request, other,
                                               *clients.Find("admin@maf.example.com"), *store, kNow)
                                .status) == 4103);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::maf
