/* SPDX-License-Identifier: BSD-2-Clause
 *
 * What the tests of the gate's files share: a gate on a fake plugin, and what a host has for it.
 */
#ifndef SAEF_CORE_ADAPTER_GATE_TEST_H_
#define SAEF_CORE_ADAPTER_GATE_TEST_H_

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "saef/gate.h"
#include "tests/abi/client_flight.h"
#include "tests/abi/fake_plugin.h"

namespace saef::abi_test {

inline const std::string kGateKey(32, 'k');

// What a host has for each session.
struct GatePeer {
  saef_gate_session *session = nullptr;
  std::vector<Octets> fed;
  std::function<void()> on_feed;
};

struct GateFixture {
  GateFixture() { Make(SAEF_DTLS, SAEF_GATE_ALERT); }
  ~GateFixture() {
    for (GatePeer &peer : peers) {
      saef_gate_session_close(peer.session);
    }
    saef_gate_destroy(gate);
  }

  void Make(int32_t transport, int32_t refusal, size_t max_sessions = 0, size_t max_bytes = 0) {
    saef_gate_destroy(gate);
    saef_gate_arguments arguments = {};
    arguments.size = sizeof(arguments);
    arguments.api = plugin.api();
    arguments.instance = plugin.instance();
    arguments.transport = transport;
    arguments.refusal = refusal;
    arguments.max_held_sessions = max_sessions;
    arguments.max_held_bytes = max_bytes;
    arguments.max_hold_ms = 1000;
    arguments.context = this;
    arguments.wake = [](void *context) {
      auto *self = static_cast<GateFixture *>(context);
      std::lock_guard lock(self->mutex);
      ++self->wakes;
      self->woken.notify_all();
    };
    BOOST_REQUIRE_EQUAL(saef_gate_create(&arguments, &gate), SAEF_DONE);
  }

  GatePeer &Open() {
    peers.reserve(64);  // their addresses are the gate's contexts
    GatePeer &peer = peers.emplace_back();
    BOOST_REQUIRE_EQUAL(saef_gate_session_open(gate, &peer, &peer.session), SAEF_DONE);
    return peer;
  }
  int32_t Receive(const GatePeer &peer, const Octets &data, int64_t now = 0) {
    return saef_gate_receive(peer.session, data.data(), data.size(), now);
  }
  size_t Process(int64_t now = 0) {
    return saef_gate_process(gate, now, [](void *context, const uint8_t *data, size_t length) {
      auto *peer = static_cast<GatePeer *>(context);
      peer->fed.emplace_back(data, data + length);
      if (peer->on_feed) {
        peer->on_feed();
      }
    });
  }
  static void Close(GatePeer &peer) {
    saef_gate_session_close(peer.session);
    peer.session = nullptr;
  }
  bool Woken(int times) {
    std::unique_lock lock(mutex);
    return woken.wait_for(lock, std::chrono::seconds(20), [&] { return wakes >= times; });
  }
  // The key as a TLS library would get it, or empty.
  std::string Key(const GatePeer &peer, const std::string &identity,
                  size_t capacity = SAEF_MAX_KEY) {
    std::string key(capacity, '\0');
    size_t length = capacity;
    last_result = saef_gate_key(peer.session, reinterpret_cast<const uint8_t *>(identity.data()),
                                identity.size(), reinterpret_cast<uint8_t *>(key.data()), &length);
    key.resize(last_result == SAEF_KEY ? length : 0);
    return key;
  }

  saef_gate_statistics Statistics() {
    saef_gate_statistics statistics = {};
    statistics.size = sizeof(statistics);
    BOOST_TEST(saef_gate_get_statistics(gate, &statistics) == SAEF_DONE);
    return statistics;
  }

  int Peeks() { return plugin.counts().peeks; }

  FakePlugin plugin;
  saef_gate *gate = nullptr;
  std::vector<GatePeer> peers;
  std::mutex mutex;
  std::condition_variable woken;
  int wakes = 0;
  int32_t last_result = 0;
};

}  // namespace saef::abi_test

#endif  // SAEF_CORE_ADAPTER_GATE_TEST_H_
