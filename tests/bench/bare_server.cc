// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the MAF is measured against: libcoap, DTLS with one PSK, and a fixed answer; nothing of
// oneM2M but that its options aren't refused. usage: saef-bench-bare-server OCTETS, the size of the
// answer. Says "listening <URI>" and "ready", and ends on SIGTERM.
#include <arpa/inet.h>
#include <coap3/coap.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <iostream>
#include <string>
#include <string_view>

#include "bindings/coap/library.h"
#include "tests/bench/maf_credential.h"

namespace saef::bench {
namespace {

constexpr std::size_t kMaxAnswer = 900;  // in one datagram
constexpr std::uint32_t kTurnMs = 200;
constexpr std::uint16_t kJson = 50;

volatile sig_atomic_t stopping = 0;

// The answer to everything. libcoap's callbacks know no context of ours but by the session's.
std::string answer;  // NOLINT: written before anything is served

void OnRequest(coap_resource_t*, coap_session_t*, const coap_pdu_t* request, const coap_string_t*,
               coap_pdu_t* response) {
  coap_pdu_set_code(response, coap_pdu_get_code(request) == COAP_REQUEST_CODE_GET
                                  ? COAP_RESPONSE_CODE_CONTENT
                                  : COAP_RESPONSE_CODE_CREATED);
  std::uint8_t format[2];
  coap_add_option(response, COAP_OPTION_CONTENT_FORMAT,
                  coap_encode_var_safe(format, sizeof(format), kJson), format);
  coap_add_data(response, answer.size(), reinterpret_cast<const std::uint8_t*>(answer.data()));
}

// A port that nobody has now; libcoap doesn't tell which one it got.
std::uint16_t FreePort() {
  const int probe = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  const bool got = bind(probe, any, size) == 0 && getsockname(probe, any, &size) == 0;
  close(probe);
  return got ? ntohs(address.sin_port) : std::uint16_t{0};
}

bool Listen(coap_context_t* context, std::uint16_t port) {
  coap_dtls_spsk_t psk{};
  psk.version = COAP_DTLS_SPSK_SETUP_VERSION;
  psk.psk_info.key = {kMasterKey.size(), reinterpret_cast<const std::uint8_t*>(kMasterKey.data())};
  coap_address_t address;
  coap_address_init(&address);
  address.size = sizeof(sockaddr_in);
  address.addr.sin.sin_family = AF_INET;
  address.addr.sin.sin_port = htons(port);
  address.addr.sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return coap_context_set_psk2(context, &psk) != 0 &&
         coap_new_endpoint(context, &address, COAP_PROTO_DTLS) != nullptr;
}

int Serve() {
  coap::StartLibrary();
  coap_context_t* const context = coap_new_context(nullptr);
  const std::uint16_t port = FreePort();
  if (context == nullptr || !Listen(context, port)) return 1;
  coap::RegisterOptions(context);
  coap_resource_t* const every = coap_resource_unknown_init2(OnRequest, 0);
  for (const auto method : {COAP_REQUEST_GET, COAP_REQUEST_POST}) {
    coap_register_request_handler(every, method, OnRequest);
  }
  coap_add_resource(context, every);
  std::cout << "listening coaps://127.0.0.1:" << port << "\nready" << std::endl;
  while (stopping == 0) coap_io_process(context, kTurnMs);
  coap_free_context(context);
  return 0;
}

}  // namespace
}  // namespace saef::bench

int main(int argc, char** argv) {
  const std::string_view text = argc == 2 ? argv[1] : "";
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (error != std::errc() || end != text.data() + text.size() || size == 0 ||
      size > saef::bench::kMaxAnswer) {
    std::cerr << "usage: saef-bench-bare-server OCTETS\n";
    return 2;
  }
  saef::bench::answer.assign(size, 'x');
  signal(SIGTERM, [](int) { saef::bench::stopping = 1; });
  return saef::bench::Serve();
}
