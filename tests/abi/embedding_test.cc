// SPDX-License-Identifier: GPL-3.0-or-later
//
// The example of docs/embedding.md, as it stands there: it loads saef.so, fetches a key from a MAF
// while a client that isn't ours shakes hands, and turns a liar away. And the page shows its very
// lines.
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "onem2m/test_folder.h"
#include "plugin/test_maf.h"
#include "tests/abi/child_process.h"

namespace {

using saef::abi_test::ChildProcess;
using saef::onem2m::TestFolder;
using saef::plugin::kTestKey;
using saef::plugin::TestMaf;

const std::string kRelative = "000102030405060708090A0B0C0D0E0F";
const std::string kKcId = kRelative + "@maf.example.com";

std::string WriteConfiguration(const TestFolder &folder, const std::string &port) {
  folder.Write("cse1.km", saef::plugin::kTestKm, 0600);
  return folder.Write("saef.json",
                      R"({"cse": {"id": "/cse1", "serviceProvider": "sp.example.com"}, "mafs": [)"
                      R"({"fqdn": "maf.example.com", "keyRetrieval": "coaps://127.0.0.1:)" +
                          port + R"(/kr", "kmId": "cse1@maf.example.com", "kmFile": "cse1.km"}]})",
                      0644);
}

std::string ReadFile(const std::string &path) {
  std::ifstream file(path);
  BOOST_REQUIRE_MESSAGE(file, path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

class EmbeddedHost {
 public:
  explicit EmbeddedHost(const std::string &configuration)
      : process_({SAEF_TEST_HOST, SAEF_TEST_MODULE, configuration, "0"}) {
    const std::string address = process_.AwaitLine("0.0.0.0:");
    port_ = address.substr(0, address.find(' '));
  }
  // What coap-client-openssl prints: content, or the code of a refusal.
  std::string Request(const std::string &method, const std::string &identity,
                      const std::string &from, const std::vector<std::string> &more = {}) const {
    std::vector<std::string> arguments = {
        "coap-client-openssl", "-B", "20", "-m", method, "-u", identity, "-k", kTestKey, "-O",
        "279," + from};
    arguments.insert(arguments.end(), more.begin(), more.end());
    arguments.push_back("coaps://127.0.0.1:" + port_ + "/anything");
    ChildProcess client(arguments);
    client.CloseInput();
    client.Wait();
    return client.output();
  }
  ChildProcess &process() { return process_; }

 private:
  ChildProcess process_;
  std::string port_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(embedding)

BOOST_AUTO_TEST_CASE(host_of_the_page_works) {
  TestMaf maf;
  maf.Start();
  maf.Set(kRelative, TestMaf::Key());
  const TestFolder folder;
  EmbeddedHost host(WriteConfiguration(folder, std::to_string(maf.port())));
  // The MAF says that this key belongs to //sp.example.com/cse1/Cae1.
  BOOST_TEST(host.Request("get", kKcId, "Cae1") == "Cae1\n");
  BOOST_TEST(host.Request("post", kKcId, "Cae1", {"-O", "267,0x02"}) == "2001\n");
  BOOST_TEST(host.Request("get", kKcId, "CAdmin") == "4.03 4106\n");
  const std::string unknown(32, 'F');
  BOOST_TEST(host.Request("get", unknown + "@maf.example.com", "Cae1").find("cannot send") !=
             std::string::npos);
  BOOST_TEST(host.Request("get", "somebody@elsewhere.example.com", "Cae1").find("cannot send") !=
             std::string::npos);
  BOOST_TEST(maf.requests().size() == 2u);  // one for each KcId; the others were hits
  host.process().Terminate();
  BOOST_TEST(host.process().Wait() == 0);
  BOOST_TEST_MESSAGE(host.process().output());
}

BOOST_AUTO_TEST_CASE(host_that_cannot_load_does_not_listen) {
  const TestFolder folder;
  const std::string configuration = folder.Write("saef.json", "{}", 0644);
  for (const std::string &module :
       {std::string(SAEF_TEST_MODULE), std::string(SAEF_TEST_BROKEN_MODULE)}) {
    ChildProcess host({SAEF_TEST_HOST, module, configuration, "0"});
    BOOST_TEST(host.Wait() == 2);
    BOOST_TEST(host.output().find("DTLS") == std::string::npos, host.output());
    BOOST_TEST(host.output().starts_with("host: " + module), host.output());
  }
}

// Each ```c block of the page stands in host.c, line by line, one after the other; indentation
// counts.
BOOST_AUTO_TEST_CASE(page_shows_the_hosts_own_lines) {
  const std::string source = ReadFile(SAEF_TEST_DOCS "/embedding/host.c");
  const std::string page = ReadFile(SAEF_TEST_DOCS "/embedding.md");
  size_t blocks = 0;
  for (size_t at = page.find("```c\n"); at != std::string::npos; at = page.find("```c\n", at)) {
    at += 5;
    const size_t end = page.find("```\n", at);
    BOOST_REQUIRE(end != std::string::npos);
    const std::string block = page.substr(at, end - at);
    BOOST_TEST(source.find("\n" + block) != std::string::npos, "not in host.c: " << block);
    at = end;
    ++blocks;
  }
  BOOST_TEST(blocks >= 5u);
}

BOOST_AUTO_TEST_SUITE_END()
