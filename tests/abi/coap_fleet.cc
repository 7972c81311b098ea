// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/abi/coap_fleet.h"

#include <coap3/coap.h>

#include <chrono>
#include <mutex>

namespace saef::abi_test {
namespace {

constexpr char kFleetKey[] = "0123456789abcdef0123456789abcdef";
constexpr std::chrono::seconds kHandshakesWithin(60);

coap_response_t OnResponse(coap_session_t *session, const coap_pdu_t *, const coap_pdu_t *response,
                           const coap_mid_t) {
  if (coap_pdu_get_code(response) == COAP_RESPONSE_CODE_CONTENT) {
    ++*static_cast<int *>(coap_get_app_data(coap_session_get_context(session)));
  }
  return COAP_RESPONSE_OK;
}

coap_session_t *Start(coap_context_t *context, const std::string &port,
                      const std::string &identity) {
  coap_address_t server;
  coap_address_init(&server);
  server.addr.sin.sin_family = AF_INET;
  server.addr.sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  server.addr.sin.sin_port = htons(static_cast<uint16_t>(std::stoi(port)));
  server.size = sizeof(server.addr.sin);
  coap_dtls_cpsk_t psk = {};
  psk.version = COAP_DTLS_CPSK_SETUP_VERSION;
  psk.psk_info.identity = {identity.size(), reinterpret_cast<const uint8_t *>(identity.data())};
  psk.psk_info.key = {sizeof(kFleetKey) - 1, reinterpret_cast<const uint8_t *>(kFleetKey)};
  coap_session_t *session =
      coap_new_client_session_psk2(context, nullptr, &server, COAP_PROTO_DTLS, &psk);
  if (session == nullptr) {
    return nullptr;
  }
  coap_pdu_t *request = coap_new_pdu(COAP_MESSAGE_CON, COAP_REQUEST_CODE_GET, session);
  coap_add_option(request, COAP_OPTION_URI_PATH, 3, reinterpret_cast<const uint8_t *>("who"));
  coap_send(session, request);
  return session;
}

}  // namespace

FleetResult RunFleet(const std::string &port, const std::vector<std::string> &identities) {
  using Clock = std::chrono::steady_clock;
  FleetResult result;
  static std::once_flag started;  // never ended: other fleets may be under way
  std::call_once(started, coap_startup);
  coap_context_t *context = coap_new_context(nullptr);
  coap_set_app_data(context, &result.answered);
  coap_register_response_handler(context, OnResponse);
  const auto start = Clock::now();
  std::vector<coap_session_t *> sessions;
  for (const std::string &identity : identities) {
    sessions.push_back(Start(context, port, identity));
  }
  while (result.answered < static_cast<int>(identities.size()) &&
         Clock::now() - start < kHandshakesWithin) {
    coap_io_process(context, 20);
  }
  result.last_s = std::chrono::duration<double>(Clock::now() - start).count();
  for (coap_session_t *session : sessions) {
    coap_session_release(session);
  }
  coap_free_context(context);
  return result;
}

}  // namespace saef::abi_test
