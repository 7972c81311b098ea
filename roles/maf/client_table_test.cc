// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/client_table.h"

#include <boost/test/unit_test.hpp>

#include "roles/maf/testing.h"

namespace saef::maf {
namespace {

BOOST_AUTO_TEST_SUITE(client_table)

BOOST_AUTO_TEST_CASE(finds_a_client_without_case) {
  const ClientTable table = testing::Clients();
  for (const char* identity : {"ae1@maf.example.com", "AE1@MAF.example.COM"}) {
    const Client* client = table.Find(identity);
    BOOST_REQUIRE(client != nullptr);
    BOOST_TEST(client->entity->id == testing::kAe1);
    BOOST_TEST(table.KeyOf(identity)->Equals(client->km.bytes()));
  }
}

BOOST_AUTO_TEST_CASE(knows_nobody_else) {
  const ClientTable table = testing::Clients();
  for (const std::string& identity :
       {std::string(), std::string("ae1"), std::string("ae1@"), std::string("@maf.example.com"),
        std::string("ae2@maf.example.com"), std::string("ae1@maf2.example.com"),
        std::string("ae1@maf.example.com "), std::string("ae1@maf.example.com\0", 20),
        std::string("ae1\xFF@maf.example.com"), std::string(200, 'a') + "@maf.example.com"}) {
    BOOST_TEST(table.Find(identity) == nullptr);
    BOOST_TEST(!table.KeyOf(identity));
  }
}

BOOST_AUTO_TEST_CASE(refuses_a_kmid_twice) {
  std::vector<Client> clients;
  clients.push_back(testing::MakeClient("ae1", std::nullopt));
  clients.push_back(testing::MakeClient("AE1", std::nullopt));
  const auto table = ClientTable::Make(std::move(clients));
  BOOST_TEST(std::holds_alternative<std::string>(table));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::maf
