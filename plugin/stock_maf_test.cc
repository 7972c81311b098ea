// SPDX-License-Identifier: GPL-3.0-or-later
//
// A MAF that isn't ours and doesn't know that it is one: Debian's coap-server on OpenSSL, which
// holds the answer as a plain resource, put there by Debian's coap-client.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <string>
#include <vector>

#include "plugin/test_maf.h"
#include "plugin/test_support.h"

namespace saef::plugin {
namespace {

// What coap-server takes on its command line must be printable; kTestKm in octets.
const std::string kKm(32, 'U');

// A port p that is free, and p + 1 too: coap-server takes both.
std::uint16_t FreePair() {
  const auto bound = [](std::uint16_t port, std::uint16_t* got) {
    const int socket_fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    const bool is_free = bind(socket_fd, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
                         getsockname(socket_fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    close(socket_fd);
    *got = ntohs(address.sin_port);
    return is_free;
  };
  for (int attempt = 0; attempt < 100; ++attempt) {
    std::uint16_t port = 0;
    std::uint16_t next = 0;
    if (bound(0, &port) && port < 65535 && bound(port + 1, &next)) return port;
  }
  return 0;
}

class Server {
 public:
  Server() : port_(FreePair()) {
    const std::string port = std::to_string(port_);
    child_ = fork();
    BOOST_REQUIRE(child_ != -1);
    if (child_ != 0) return;
    execlp("coap-server-openssl", "coap-server-openssl", "-A", "127.0.0.1", "-p", port.c_str(),
           "-d", "10", "-h", "maf", "-k", kKm.c_str(), "-v", "0", nullptr);
    _exit(127);
  }
  ~Server() {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t secure_port() const { return static_cast<std::uint16_t>(port_ + 1); }
  // Over CoAP in the clear, whose port is beside it; false while it isn't there yet.
  bool Put(const std::string& path, const std::string& file) const {
    const std::string uri = "coap://127.0.0.1:" + std::to_string(port_) + path;
    return std::system(("coap-client-openssl -B 2 -t json -m put -f '" + file + "' '" + uri +
                        "' 2>&1 | grep -q . && exit 1; coap-client-openssl -B 2 -m get '" + uri +
                        "' | grep -q keyValue")
                           .c_str()) == 0;
  }

 private:
  std::uint16_t port_;
  pid_t child_ = -1;
};

BOOST_AUTO_TEST_SUITE(stock_maf)

BOOST_AUTO_TEST_CASE(a_plain_resource_will_do) {
  const Server server;
  const onem2m::TestFolder folder;
  const std::string answer = folder.Write("answer.json", MakeAnswer(kAe1, "AE", "", 600), 0600);
  BOOST_REQUIRE(Eventually([&] { return server.Put("/kr/K1", answer); }));

  std::string km;
  for (const char c : kKm) {
    static constexpr char kDigits[] = "0123456789abcdef";
    km += kDigits[static_cast<unsigned char>(c) >> 4];
    km += kDigits[static_cast<unsigned char>(c) & 0xf];
  }
  const PluginUnderTest plugin(server.secure_port(), {.km = km});
  std::string key;
  BOOST_TEST(plugin.LookupWait("K1@maf.example.com", 10000, &key) == SAEF_KEY);
  BOOST_TEST(key == kTestKey);
  BOOST_TEST(plugin.LookupWait("K2@maf.example.com") == SAEF_UNKNOWN);
  const saef_association association = plugin.Associate("K1@maf.example.com");
  BOOST_TEST(plugin.Check(association, "Cae1") == 2000);
  BOOST_TEST(plugin.Check(association, "Cae2") == 4106);
  BOOST_TEST(plugin.Statistics().maf_sessions == 1u);
  BOOST_TEST_INFO(plugin.log());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
