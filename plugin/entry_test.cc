// SPDX-License-Identifier: GPL-3.0-or-later
//
// The edge of the plugin: arguments, handles, texts, errno, forks.
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string>

#include "plugin/test_maf.h"
#include "plugin/test_support.h"

extern "C" std::int32_t saef_plugin_entry(const saef_host_versions* host, const saef_api** api,
                                          char* reason, std::size_t* reason_length);

namespace saef::plugin {
namespace {

const std::string kKeyId = "K1@maf.example.com";

struct WithPlugin {
  WithPlugin() {
    maf.Start();
    maf.Set("K1", TestMaf::Key());
  }
  TestMaf maf;
};

std::int32_t Negotiate(std::uint32_t min, std::uint32_t max, std::string* reason) {
  const saef_host_versions versions{sizeof(versions), min, max, "test", 4};
  const saef_api* api = nullptr;
  char text[256];
  std::size_t length = sizeof(text);
  const std::int32_t result = saef_plugin_entry(&versions, &api, text, &length);
  BOOST_TEST((api != nullptr) == (result == SAEF_DONE));
  reason->assign(text, length);
  return result;
}

BOOST_AUTO_TEST_SUITE(entry)

BOOST_AUTO_TEST_CASE(negotiates) {
  std::string reason;
  BOOST_TEST(Negotiate(1, 1, &reason) == SAEF_DONE);
  BOOST_TEST(Negotiate(0, 9, &reason) == SAEF_DONE);
  BOOST_TEST(reason.empty());
  BOOST_TEST(Negotiate(2, 3, &reason) == SAEF_E_VERSION);
  BOOST_TEST((reason.find("versions 2 to 3") != std::string::npos));
  BOOST_TEST(Negotiate(0, 0, &reason) == SAEF_E_VERSION);
  BOOST_TEST(Negotiate(2, 1, &reason) == SAEF_E_ARGUMENT);
  BOOST_TEST(Api().size == sizeof(saef_api));
  BOOST_TEST(Api().abi_major == 1u);
  BOOST_TEST(Api().abi_minor == 2u);
}

BOOST_AUTO_TEST_CASE(entry_arguments) {
  saef_host_versions versions{sizeof(versions), 1, 1, nullptr, 0};
  const saef_api* api = nullptr;
  BOOST_TEST(saef_plugin_entry(&versions, &api, nullptr, nullptr) == SAEF_DONE);
  BOOST_TEST(saef_plugin_entry(nullptr, &api, nullptr, nullptr) == SAEF_E_ARGUMENT);
  BOOST_TEST(api == nullptr);
  BOOST_TEST(saef_plugin_entry(&versions, nullptr, nullptr, nullptr) == SAEF_E_ARGUMENT);
  versions.name_length = 1;
  BOOST_TEST(saef_plugin_entry(&versions, &api, nullptr, nullptr) == SAEF_E_ARGUMENT);
  versions = {sizeof(versions) - 1, 1, 1, nullptr, 0};
  BOOST_TEST(saef_plugin_entry(&versions, &api, nullptr, nullptr) == SAEF_E_ARGUMENT);
  versions = {sizeof(versions), 2, 2, nullptr, 0};
  char reason[4] = {'x', 'x', 'x', 'x'};
  std::size_t length = sizeof(reason);
  // Too short for the text: left alone, and told.
  BOOST_TEST(saef_plugin_entry(&versions, &api, reason, &length) == SAEF_E_VERSION);
  BOOST_TEST(length > sizeof(reason));
  BOOST_TEST(std::string(reason, 4) == "xxxx");
}

BOOST_AUTO_TEST_CASE(open_arguments) {
  const std::string path = "/nonexistent/saef.json";
  saef_host host{};
  host.size = sizeof(host);
  saef_open_arguments good{sizeof(good), path.data(), path.size(), &host};
  saef_instance* instance = nullptr;
  char error[256];
  std::size_t length = sizeof(error);
  BOOST_TEST(Api().open(&good, &instance, error, &length) == SAEF_E_CONFIGURATION);
  BOOST_TEST((std::string(error, length).find(path) != std::string::npos));
  BOOST_TEST(Api().open(&good, &instance, nullptr, nullptr) == SAEF_E_CONFIGURATION);
  length = 0;
  BOOST_TEST(Api().open(&good, &instance, nullptr, &length) == SAEF_E_CONFIGURATION);
  BOOST_TEST(length > 0u);

  BOOST_TEST(Api().open(nullptr, &instance, error, &length) == SAEF_E_ARGUMENT);
  BOOST_TEST(Api().open(&good, nullptr, error, &length) == SAEF_E_ARGUMENT);
  length = 10;
  BOOST_TEST(Api().open(&good, &instance, nullptr, &length) == SAEF_E_ARGUMENT);
  saef_open_arguments bad = good;
  bad.size = sizeof(bad) - 1;
  BOOST_TEST(Api().open(&bad, &instance, nullptr, nullptr) == SAEF_E_ARGUMENT);
  bad = good;
  bad.config_path = nullptr;
  BOOST_TEST(Api().open(&bad, &instance, nullptr, nullptr) == SAEF_E_ARGUMENT);
  bad.config_path_length = 0;
  BOOST_TEST(Api().open(&bad, &instance, nullptr, nullptr) == SAEF_E_ARGUMENT);
  host.size = 3;
  BOOST_TEST(Api().open(&good, &instance, nullptr, nullptr) == SAEF_E_ARGUMENT);
  BOOST_TEST(instance == nullptr);
}

BOOST_FIXTURE_TEST_CASE(a_host_with_a_shorter_table, WithPlugin) {
  // One that knows `log` only: the members behind it aren't read.
  const PluginUnderTest reference(maf.port());
  const onem2m::TestFolder folder;
  folder.Write("cse1.km", kTestKm, 0600);
  const std::string config = folder.Write(
      "saef.json",
      R"({"cse": {"id": "/cse1", "serviceProvider": "sp.example.com"}, "mafs": [{"fqdn":
          "maf.example.com", "keyRetrieval": "coaps://127.0.0.1:1/kr", "kmId":
          "cse1@maf.example.com", "kmFile": "cse1.km"}]})",
      0600);
  saef_host host;
  std::memset(&host, 0x5a, sizeof(host));
  host.size = offsetof(saef_host, is_registered_ae);
  host.context = nullptr;
  host.log = [](void*, std::int32_t, const char*, std::size_t) {};
  const saef_open_arguments arguments{sizeof(arguments), config.data(), config.size(), &host};
  saef_instance* instance = nullptr;
  BOOST_REQUIRE(Api().open(&arguments, &instance, nullptr, nullptr) == SAEF_DONE);
  const saef_request request{sizeof(request), SAEF_RETRIEVE, 0, "Cx", 2, nullptr, 0};
  BOOST_TEST(Api().check_originator(instance, SAEF_NO_ASSOCIATION, &request) == 4106);
  BOOST_TEST(Api().close(instance) == SAEF_DONE);
}

BOOST_FIXTURE_TEST_CASE(arguments_of_each_function, WithPlugin) {
  const PluginUnderTest plugin(maf.port());
  saef_instance* const i = plugin.get();
  const saef_api& api = Api();
  const auto* const id = reinterpret_cast<const std::uint8_t*>(kKeyId.data());
  std::uint8_t key[64];
  std::size_t length = sizeof(key);
  saef_ticket ticket = 0;
  const saef_lookup_callback callback = [](void*, saef_ticket, std::int32_t) {};

  BOOST_TEST(api.lookup(i, nullptr, 5, key, &length) == SAEF_E_ARGUMENT);
  BOOST_TEST(api.lookup(i, id, kKeyId.size(), nullptr, &length) == SAEF_E_ARGUMENT);
  BOOST_TEST(api.lookup(i, id, kKeyId.size(), key, nullptr) == SAEF_E_ARGUMENT);
  BOOST_TEST(api.lookup(i, nullptr, 0, key, &length) == SAEF_INVALID);
  BOOST_TEST(api.lookup_async(i, nullptr, 5, callback, nullptr, &ticket) == SAEF_E_ARGUMENT);
  BOOST_TEST(api.lookup_async(i, id, kKeyId.size(), nullptr, nullptr, &ticket) == SAEF_E_ARGUMENT);
  BOOST_TEST(api.lookup_async(i, id, kKeyId.size(), callback, nullptr, nullptr) == SAEF_E_ARGUMENT);
  BOOST_TEST(api.lookup_wait(i, nullptr, 5, 1, key, &length) == SAEF_E_ARGUMENT);
  BOOST_TEST(api.lookup_wait(i, id, kKeyId.size(), 1, key, nullptr) == SAEF_E_ARGUMENT);

  BOOST_TEST(api.peek_identity(3, id, 1, key, &length) == SAEF_E_ARGUMENT);
  BOOST_TEST(api.peek_identity(SAEF_TLS, nullptr, 1, key, &length) == SAEF_E_ARGUMENT);
  BOOST_TEST(api.peek_identity(SAEF_TLS, id, 1, nullptr, &length) == SAEF_E_ARGUMENT);
  BOOST_TEST(api.peek_identity(SAEF_TLS, id, 1, key, nullptr) == SAEF_E_ARGUMENT);
  BOOST_TEST(api.peek_identity(SAEF_DTLS, nullptr, 0, key, &length) == SAEF_NEED_MORE);

  saef_association association = 0;
  saef_peer peer{};
  peer.size = sizeof(peer);
  BOOST_TEST(api.associate(i, &peer, &association) == SAEF_E_ARGUMENT);  // neither
  peer.psk_identity = {id, kKeyId.size()};
  BOOST_TEST(api.associate(i, nullptr, &association) == SAEF_E_ARGUMENT);
  BOOST_TEST(api.associate(i, &peer, nullptr) == SAEF_E_ARGUMENT);
  saef_bytes certificate{id, 3};
  peer.certificates = &certificate;
  peer.certificate_count = 1;
  BOOST_TEST(api.associate(i, &peer, &association) == SAEF_E_ARGUMENT);  // both
  peer.psk_identity = {nullptr, 0};
  BOOST_TEST(api.associate(i, &peer, &association) == SAEF_NOT_MINE);
  certificate.length = 0;
  BOOST_TEST(api.associate(i, &peer, &association) == SAEF_E_ARGUMENT);
  peer.certificates = nullptr;
  BOOST_TEST(api.associate(i, &peer, &association) == SAEF_E_ARGUMENT);
  peer = {offsetof(saef_peer, public_key) - 1, {id, kKeyId.size()}, nullptr, 0, {nullptr, 0}};
  BOOST_TEST(api.associate(i, &peer, &association) == SAEF_E_ARGUMENT);
  BOOST_TEST(association == SAEF_NO_ASSOCIATION);

  saef_association_description description{};
  BOOST_TEST(api.describe(i, 1, nullptr) == SAEF_E_ARGUMENT);
  BOOST_TEST(api.describe(i, 1, &description) == SAEF_E_ARGUMENT);
  description.size = sizeof(description);
  BOOST_TEST(api.describe(i, 1, &description) == SAEF_E_HANDLE);
  description.entity_id_length = 1;
  BOOST_TEST(api.describe(i, 1, &description) == SAEF_E_ARGUMENT);

  BOOST_TEST(api.assign_ae_id(i, 1, nullptr, 4) == SAEF_E_ARGUMENT);
  BOOST_TEST(api.assign_ae_id(i, 1, "Cx", 2) == SAEF_E_HANDLE);
  BOOST_TEST(api.withdraw_ae_id(i, nullptr, 4) == SAEF_E_ARGUMENT);
  BOOST_TEST(api.withdraw_ae_id(i, nullptr, 0) == SAEF_INVALID);

  saef_request request{sizeof(request), SAEF_RETRIEVE, 0, "Cx", 2, nullptr, 0};
  BOOST_TEST(api.check_originator(i, 0, nullptr) == SAEF_E_ARGUMENT);
  request.operation = 0;
  BOOST_TEST(api.check_originator(i, 0, &request) == SAEF_E_ARGUMENT);
  request.operation = 6;
  BOOST_TEST(api.check_originator(i, 0, &request) == SAEF_E_ARGUMENT);
  request = {sizeof(request), SAEF_CREATE, -1, "Cx", 2, nullptr, 0};
  BOOST_TEST(api.check_originator(i, 0, &request) == SAEF_E_ARGUMENT);
  request = {sizeof(request), SAEF_RETRIEVE, 0, nullptr, 2, nullptr, 0};
  BOOST_TEST(api.check_originator(i, 0, &request) == SAEF_E_ARGUMENT);
  request = {offsetof(saef_request, app_id) - 1, SAEF_RETRIEVE, 0, "Cx", 2, nullptr, 0};
  BOOST_TEST(api.check_originator(i, 0, &request) == SAEF_E_ARGUMENT);
  request = {sizeof(request), SAEF_RETRIEVE, 0, nullptr, 0, nullptr, 0};
  BOOST_TEST(api.check_originator(i, 0, &request) == 4000);

  BOOST_TEST(api.dissociate(i, 0) == SAEF_E_HANDLE);
  BOOST_TEST(api.statistics(i, nullptr) == SAEF_E_ARGUMENT);
  BOOST_TEST(api.probe(i, 1, nullptr, nullptr) == SAEF_E_ARGUMENT);
}

BOOST_FIXTURE_TEST_CASE(short_buffers, WithPlugin) {
  const PluginUnderTest plugin(maf.port());
  std::uint8_t key[64] = {};
  std::size_t length = 31;
  const auto* const id = reinterpret_cast<const std::uint8_t*>(kKeyId.data());
  BOOST_TEST(Api().lookup_wait(plugin.get(), id, kKeyId.size(), 10000, key, &length) ==
             SAEF_E_BUFFER_TOO_SMALL);
  BOOST_TEST(length == 32u);
  BOOST_TEST(key[0] == 0);
  length = 0;
  BOOST_TEST(Api().lookup(plugin.get(), id, kKeyId.size(), nullptr, &length) ==
             SAEF_E_BUFFER_TOO_SMALL);
  BOOST_TEST(length == 32u);
  BOOST_TEST(Api().lookup(plugin.get(), id, kKeyId.size(), key, &length) == SAEF_KEY);

  const saef_association association = plugin.Associate(kKeyId);
  saef_association_description description{};
  description.size = sizeof(description);
  BOOST_TEST(Api().describe(plugin.get(), association, &description) == SAEF_E_BUFFER_TOO_SMALL);
  BOOST_TEST(description.entity_id_length == kAe1.size());
  BOOST_TEST(description.credential_id_length == 0u);
  BOOST_TEST(description.kind == 0);
  char entity_id[64];
  description.entity_id = entity_id;
  BOOST_TEST(Api().describe(plugin.get(), association, &description) == SAEF_DONE);
  BOOST_TEST(std::string(entity_id, description.entity_id_length) == kAe1);
  BOOST_TEST(description.kind == SAEF_ENTITY_AE);
  BOOST_TEST(description.suid == 32u);
  const std::int64_t now = time(nullptr);
  BOOST_TEST(description.expires >= now + 590);
  BOOST_TEST(description.expires <= now + 601);

  // A host of an earlier version asks for fewer counters.
  saef_statistics statistics;
  std::memset(&statistics, 0x5a, sizeof(statistics));
  statistics.size = offsetof(saef_statistics, hits);
  BOOST_TEST(Api().statistics(plugin.get(), &statistics) == SAEF_DONE);
  BOOST_TEST(statistics.lookups == 3u);
  BOOST_TEST(statistics.hits == 0x5a5a5a5a5a5a5a5aU);
  BOOST_TEST(statistics.size == offsetof(saef_statistics, hits));
}

BOOST_FIXTURE_TEST_CASE(stale_and_foreign_handles, WithPlugin) {
  PluginUnderTest plugin(maf.port());
  saef_instance* const stale = plugin.get();
  plugin.Close();
  std::uint64_t foreign[8] = {1, 2, 3};
  for (saef_instance* const handle :
       {stale, static_cast<saef_instance*>(nullptr), reinterpret_cast<saef_instance*>(foreign)}) {
    std::uint8_t key[64];
    std::size_t length = sizeof(key);
    saef_ticket ticket = 0;
    const auto* const id = reinterpret_cast<const std::uint8_t*>(kKeyId.data());
    BOOST_TEST(Api().lookup(handle, id, kKeyId.size(), key, &length) == SAEF_E_HANDLE);
    BOOST_TEST(Api().lookup_async(
                   handle, id, kKeyId.size(), [](void*, saef_ticket, std::int32_t) {}, nullptr,
                   &ticket) == SAEF_E_HANDLE);
    BOOST_TEST(Api().lookup_cancel(handle, 1) == SAEF_E_HANDLE);
    BOOST_TEST(Api().lookup_wait(handle, id, kKeyId.size(), 1, key, &length) == SAEF_E_HANDLE);
    BOOST_TEST(Api().dissociate(handle, 1) == SAEF_E_HANDLE);
    BOOST_TEST(Api().close(handle) == SAEF_E_HANDLE);
  }
}

BOOST_FIXTURE_TEST_CASE(errno_is_left_alone, WithPlugin) {
  PluginUnderTest plugin(maf.port());
  errno = 4711;
  plugin.LookupWait(kKeyId);
  plugin.Lookup(kKeyId);
  plugin.Lookup("device7");
  const saef_association association = plugin.Associate(kKeyId);
  plugin.Check(association, "Cae1");
  Api().dissociate(plugin.get(), association);
  Api().probe(
      plugin.get(), 2000, [](void*, const saef_probe_report*) {}, nullptr);
  const std::string path = "/nonexistent";
  const saef_open_arguments arguments{sizeof(arguments), path.data(), path.size(), nullptr};
  saef_instance* instance = nullptr;
  Api().open(&arguments, &instance, nullptr, nullptr);
  BOOST_TEST(errno == 4711);
  errno = 4711;
  const saef_instance* const before = plugin.get();
  Api().close(const_cast<saef_instance*>(before));
  BOOST_TEST(errno == 4711);
}

BOOST_FIXTURE_TEST_CASE(a_child_is_refused, WithPlugin) {
  PluginUnderTest plugin(maf.port());
  BOOST_TEST(plugin.LookupWait(kKeyId) == SAEF_KEY);
  const pid_t child = fork();
  BOOST_REQUIRE(child >= 0);
  if (child == 0) {
    std::uint8_t key[64];
    std::size_t length = sizeof(key);
    const auto* const id = reinterpret_cast<const std::uint8_t*>(kKeyId.data());
    const bool refused =
        Api().lookup(plugin.get(), id, kKeyId.size(), key, &length) == SAEF_E_FORKED &&
        Api().lookup_wait(plugin.get(), id, kKeyId.size(), 1000, key, &length) == SAEF_E_FORKED &&
        Api().dissociate(plugin.get(), 1) == SAEF_E_FORKED &&
        Api().close(plugin.get()) == SAEF_E_FORKED;
    _exit(refused ? 0 : 1);
  }
  int status = -1;
  BOOST_REQUIRE(waitpid(child, &status, 0) == child);
  BOOST_TEST((WIFEXITED(status) && WEXITSTATUS(status) == 0));
  BOOST_TEST(plugin.Lookup(kKeyId) == SAEF_KEY);
  plugin.Close();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
