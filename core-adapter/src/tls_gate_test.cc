// SPDX-License-Identifier: BSD-2-Clause
//
// The bounds of the wolfSSL gate, and what it refuses to be called with. Handshakes are in
// tests/abi.
#include "saef/tls_gate.h"

#include <boost/test/unit_test.hpp>
#include <vector>

#include "tests/abi/fake_plugin.h"

namespace saef::abi_test {
namespace {

constexpr size_t kMaxUnread = 1u << 18;

struct TlsGate {
  TlsGate() {
    saef_gate_arguments arguments = {};
    arguments.size = sizeof(arguments);
    arguments.api = plugin.api();
    arguments.instance = plugin.instance();
    arguments.transport = SAEF_TLS;
    arguments.refusal = SAEF_GATE_ALERT;
    arguments.wake = [](void *) {};
    BOOST_REQUIRE(saef_gate_create(&arguments, &gate) == SAEF_DONE);
    context = wolfSSL_CTX_new(wolfTLSv1_2_server_method());
    BOOST_REQUIRE(context != nullptr);
    BOOST_REQUIRE(saef_tls_gate_prepare_context(context) == SAEF_DONE);
    ssl = wolfSSL_new(context);
    BOOST_REQUIRE(ssl != nullptr);
    opening.size = sizeof(opening);
    opening.ready = [](void *) {};
    BOOST_REQUIRE(saef_tls_session_open(gate, ssl, &opening, &session) == SAEF_DONE);
  }
  ~TlsGate() {
    saef_tls_session_close(session);
    wolfSSL_free(ssl);
    wolfSSL_CTX_free(context);
    saef_gate_destroy(gate);
  }
  int32_t Put(size_t length) {
    const std::vector<uint8_t> octets(length, 22);
    return saef_tls_session_put(session, octets.data(), octets.size(), 0);
  }

  FakePlugin plugin;
  saef_gate *gate = nullptr;
  WOLFSSL_CTX *context = nullptr;
  WOLFSSL *ssl = nullptr;
  saef_tls_session_arguments opening = {};
  saef_tls_session *session = nullptr;
};

BOOST_FIXTURE_TEST_SUITE(tls_gate_session, TlsGate)

BOOST_AUTO_TEST_CASE(what_is_not_read_is_bounded) {
  BOOST_TEST(Put(kMaxUnread) == SAEF_DONE);
  BOOST_TEST(Put(1) == SAEF_E_LIMIT);
  BOOST_TEST(Put(0) == SAEF_E_LIMIT);  // and so it stays
  // There is a hole in the stream: wolfSSL mustn't read what stands before it either.
  const int accepted = wolfSSL_accept(ssl);
  BOOST_TEST(accepted != WOLFSSL_SUCCESS);
  BOOST_TEST(wolfSSL_get_error(ssl, accepted) == SOCKET_ERROR_E);
}

// A client may send so much before the gate knows who it is, and no more.
BOOST_AUTO_TEST_CASE(what_is_read_for_an_identity_is_bounded) {
  constexpr size_t kMaxHeld = 16384;
  std::vector<uint8_t> beginning(kMaxHeld, 0);  // of a record that doesn't end
  beginning[0] = 22;
  beginning[1] = beginning[2] = 3;
  beginning[3] = 0x40;
  const saef_gate_session *const gated = saef_tls_session_gate_session(session);
  BOOST_TEST(saef_tls_session_put(session, beginning.data(), beginning.size(), 0) == SAEF_DONE);
  BOOST_TEST(saef_gate_session_outcome(gated) == SAEF_NEED_MORE);
  BOOST_TEST(Put(1) == SAEF_DONE);
  BOOST_TEST(saef_gate_session_outcome(gated) == SAEF_UNAVAILABLE);
}

BOOST_AUTO_TEST_CASE(nothing_to_read_is_no_error) {
  const int accepted = wolfSSL_accept(ssl);
  BOOST_TEST(wolfSSL_get_error(ssl, accepted) == WOLFSSL_ERROR_WANT_READ);
}

BOOST_AUTO_TEST_CASE(arguments_are_checked) {
  saef_tls_session *none = session;
  BOOST_TEST(saef_tls_session_open(nullptr, ssl, &opening, &none) == SAEF_E_ARGUMENT);
  BOOST_TEST(none == nullptr);
  BOOST_TEST(saef_tls_session_open(gate, nullptr, &opening, &none) == SAEF_E_ARGUMENT);
  BOOST_TEST(saef_tls_session_open(gate, ssl, nullptr, &none) == SAEF_E_ARGUMENT);
  BOOST_TEST(saef_tls_session_open(gate, ssl, &opening, nullptr) == SAEF_E_ARGUMENT);
  saef_tls_session_arguments wrong = opening;
  wrong.size = sizeof(wrong) - 1;
  BOOST_TEST(saef_tls_session_open(gate, ssl, &wrong, &none) == SAEF_E_ARGUMENT);
  wrong = opening;
  wrong.ready = nullptr;
  BOOST_TEST(saef_tls_session_open(gate, ssl, &wrong, &none) == SAEF_E_ARGUMENT);
  BOOST_TEST(saef_tls_gate_prepare_context(nullptr) == SAEF_E_ARGUMENT);
  saef_tls_session_close(nullptr);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::abi_test
