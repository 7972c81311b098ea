// SPDX-License-Identifier: GPL-3.0-or-later
//
// A CSE whose plugin can't be loaded, or that can't listen where it should, listens nowhere.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "onem2m/test_folder.h"
#include "roles/cse/cse.h"

namespace saef::interop_test {
namespace {

// An address of the loopback network for this process, so that nobody else has its ports.
std::string OwnAddress() {
  const unsigned id = static_cast<unsigned>(getpid());
  return "127." + std::to_string(64 + (id >> 16 & 63)) + "." + std::to_string(id >> 8 & 255) + "." +
         std::to_string(id & 255);
}

// A socket that is bound there, or nothing: the port is taken.
class Bound {
 public:
  Bound(int type, const std::string& address, std::uint16_t port)
      : socket_(socket(AF_INET, type, 0)) {
    sockaddr_in where = {};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    inet_pton(AF_INET, address.c_str(), &where.sin_addr);
    bound_ = bind(socket_, reinterpret_cast<const sockaddr*>(&where), sizeof(where)) == 0 &&
             (type != SOCK_STREAM || listen(socket_, 1) == 0);
  }
  ~Bound() { close(socket_); }
  Bound(const Bound&) = delete;
  Bound& operator=(const Bound&) = delete;
  explicit operator bool() const { return bound_; }

 private:
  const int socket_;
  bool bound_;
};

constexpr std::uint16_t kCoaps = 40001, kHttps = 40002, kCoap = 40003, kHttp = 40004;

std::string Json(const std::string& plugin) {
  const std::string a = OwnAddress();
  return R"({"id":"/cse1","serviceProvider":"sp.example.com","listen":["coaps://)" + a +
         R"(:40001","https://)" + a + R"(:40002","coap://)" + a + R"(:40003","http://)" + a +
         R"(:40004"],"plugins":[)" + plugin + "]}";
}

bool IsFree(int type, std::uint16_t port) {
  return static_cast<bool>(Bound(type, OwnAddress(), port));
}

bool NothingListens() {
  return IsFree(SOCK_DGRAM, kCoaps) && IsFree(SOCK_STREAM, kHttps) && IsFree(SOCK_DGRAM, kCoap) &&
         IsFree(SOCK_STREAM, kHttp);
}

std::string StartFails(const std::string& config) {
  auto started = cse::Cse::Start(config, [](bindings::LogLevel, std::string_view) {});
  const auto* error = std::get_if<std::string>(&started);
  BOOST_TEST((error != nullptr));
  BOOST_TEST(NothingListens());
  return error == nullptr ? std::string() : *error;
}

BOOST_FIXTURE_TEST_SUITE(fail_closed, onem2m::TestFolder)

BOOST_AUTO_TEST_CASE(with_a_broken_module_nothing_listens) {
  std::vector<std::string> texts;
  for (const char* name :
       {"no_entry", "version", "major", "no_table", "short_table", "open", "no_instance",
        "unresolved", "null_check_originator", "null_describe", "null_lookup", "null_associate"}) {
    BOOST_TEST_CONTEXT(name) {
      const std::string module = std::string(SAEF_MODULES_DIR "/broken_") + name + ".so";
      texts.push_back(StartFails(
          Write("cse.json", Json(R"({"module":")" + module + R"(","config":"saef.json"})"))));
      BOOST_TEST(texts.back().find(module) != std::string::npos, texts.back());
    }
  }
  std::sort(texts.begin(), texts.end());
  BOOST_TEST((std::adjacent_find(texts.begin(), texts.end()) == texts.end()));
}

BOOST_AUTO_TEST_CASE(with_no_module_or_a_bad_configuration_nothing_listens) {
  BOOST_TEST(StartFails(Write("cse.json", Json(R"({"module":"none.so","config":"saef.json"})")))
                 .find("none.so") != std::string::npos);
  const std::string module = R"({"module":")" SAEF_MODULE_FILE R"(","config":"saef.json"})";
  BOOST_TEST(StartFails(Write("cse.json", Json(module))).find("saef.json") != std::string::npos);
  Write("saef.json", R"({"cse":{"id":"/cse1","serviceProvider":"sp.example.com"}})");
  BOOST_TEST(StartFails(Write("cse.json", Json(module))).find("mafs") != std::string::npos);
  BOOST_TEST(StartFails(Write("cse.json", Json(""))).find("plugin") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(where_one_address_is_taken_nothing_listens) {
  Write("cse1.km", std::string(64, '1'));
  Write("saef.json", R"({"cse":{"id":"/cse1","serviceProvider":"sp.example.com"},
    "mafs":[{"fqdn":"maf.example.com","keyRetrieval":"coaps://127.0.0.1:1/kr",
             "kmId":"cse1@maf.example.com","kmFile":"cse1.km"}]})");
  const std::string config =
      Write("cse.json", Json(R"({"module":")" SAEF_MODULE_FILE R"(","config":"saef.json"})"));
  {
    const Bound taken(SOCK_STREAM, OwnAddress(), kHttp);
    BOOST_REQUIRE(static_cast<bool>(taken));
    auto started = cse::Cse::Start(config, nullptr);
    const auto* error = std::get_if<std::string>(&started);
    BOOST_REQUIRE((error != nullptr));
    BOOST_TEST(error->find(":40004") != std::string::npos, *error);
    BOOST_TEST(IsFree(SOCK_DGRAM, kCoaps));
    BOOST_TEST(IsFree(SOCK_STREAM, kHttps));
  }
  // And once it is free, all of it listens.
  {
    auto started = cse::Cse::Start(config, nullptr);
    BOOST_REQUIRE((std::holds_alternative<std::unique_ptr<cse::Cse>>(started)));
    BOOST_TEST(!IsFree(SOCK_DGRAM, kCoaps));
    BOOST_TEST(!IsFree(SOCK_STREAM, kHttps));
    const auto uris = std::get<std::unique_ptr<cse::Cse>>(started)->uris();
    BOOST_REQUIRE(uris.size() == 4U);
    BOOST_TEST(uris[3] == "http://" + OwnAddress() + ":40004");
  }
  BOOST_TEST(IsFree(SOCK_DGRAM, kCoaps));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::interop_test
