// SPDX-License-Identifier: GPL-3.0-or-later
//
// UdpRelay: a path to a server on this machine that can fall silent for the clients that it has, as
// when a server has restarted behind a dead connection, or a NAT has forgotten it.
#ifndef SAEF_PLUGIN_TEST_RELAY_H_
#define SAEF_PLUGIN_TEST_RELAY_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <thread>

namespace saef::plugin {

class UdpRelay {
 public:
  explicit UdpRelay(std::uint16_t to_port);
  ~UdpRelay();
  UdpRelay(const UdpRelay&) = delete;
  UdpRelay& operator=(const UdpRelay&) = delete;

  std::uint16_t port() const { return port_; }
  // Nothing passes any more between the server and the clients seen so far; new ones are served.
  void SilencePresentClients() { silence_ = true; }

 private:
  struct Client {
    int upstream;
    bool silenced = false;
  };
  void Run();
  void FromClient();
  void FromServer(std::uint16_t client_port, const Client& client);

  const std::uint16_t to_port_;
  std::uint16_t port_ = 0;
  int listening_;
  std::map<std::uint16_t, Client> clients_;  // the thread's own
  std::atomic<bool> silence_{false};
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_TEST_RELAY_H_
