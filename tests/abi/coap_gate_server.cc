// SPDX-License-Identifier: GPL-3.0-or-later
//
// A CoAP server behind the libcoap gate, for coap_gate_test. Compiled once for each libcoap.
//
//   coap_gate_server [alert|hide] [blocking-ms]
//
// Prints "port N", serves GET /who (the identity of the association, or "nobody") and GET /end
// (ends its own association), and, when its standard input ends, prints what the fake plugin
// counted.
//
// The key of every identity is "0123456789abcdef0123456789abcdef". Identities: hit… known at once;
// slow… after 300 ms; unknown…, denied… refused after 50 ms; late… never answered; long… a key of
// 64 octets; host… the host's own; others are nobody's.
#include <coap3/coap.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "saef/coap_gate.h"
#include "tests/abi/fake_plugin.h"

namespace {

using saef::abi_test::FakePlugin;

const char kKey[] = "0123456789abcdef0123456789abcdef";
FakePlugin *plugin = nullptr;
saef_coap_gate *gate = nullptr;

void MakePlans() {
  using std::chrono::milliseconds;
  for (int i = 0; i < 40; ++i) {
    const std::string number = std::to_string(i);
    plugin->AnswerAfter("slow" + number, milliseconds(300), SAEF_KEY, kKey);
    plugin->AnswerAtOnce("hit" + number, SAEF_KEY, kKey);
  }
  plugin->AnswerAtOnce("hit", SAEF_KEY, kKey);
  plugin->AnswerAfter("slow", milliseconds(300), SAEF_KEY, kKey);
  plugin->AnswerAtOnce("long", SAEF_KEY, std::string(kKey) + kKey);
  plugin->AnswerAfter("unknown", milliseconds(50), SAEF_UNKNOWN);
  plugin->AnswerAfter("denied", milliseconds(50), SAEF_DENIED);
  plugin->Withhold("late");
}

size_t HostPsk(void *, const uint8_t *identity, size_t length, uint8_t *key, size_t capacity) {
  const size_t key_length = sizeof(kKey) - 1;
  if (length < 4 || std::memcmp(identity, "host", 4) != 0 || capacity < key_length) {
    return 0;
  }
  std::memcpy(key, kKey, key_length);
  return key_length;
}

void Reply(coap_pdu_t *response, const std::string &text) {
  coap_pdu_set_code(response, COAP_RESPONSE_CODE_CONTENT);
  coap_add_data(response, text.size(), reinterpret_cast<const uint8_t *>(text.data()));
}

void OnWho(coap_resource_t *, coap_session_t *session, const coap_pdu_t *, const coap_string_t *,
           coap_pdu_t *response) {
  const saef_association association = saef_coap_gate_association(gate, session);
  Reply(response, association == SAEF_NO_ASSOCIATION ? "nobody" : plugin->IdentityOf(association));
}

void OnEnd(coap_resource_t *, coap_session_t *session, const coap_pdu_t *, const coap_string_t *,
           coap_pdu_t *response) {
  saef_coap_gate_end_association(gate, saef_coap_gate_association(gate, session));
  Reply(response, "ended");
}

void AddResource(coap_context_t *context, const char *path, coap_method_handler_t handler) {
  coap_resource_t *resource = coap_resource_init(coap_make_str_const(path), 0);
  coap_register_handler(resource, COAP_REQUEST_GET, handler);
  coap_add_resource(context, resource);
}

// libcoap doesn't tell the port that the system chose, but for a text "[address]:port (DTLS)".
int Listen(coap_context_t *context) {
  coap_address_t address;
  coap_address_init(&address);
  address.addr.sin.sin_family = AF_INET;
  address.addr.sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.size = sizeof(address.addr.sin);
  coap_endpoint_t *endpoint = coap_new_endpoint(context, &address, COAP_PROTO_DTLS);
  if (endpoint == nullptr) {
    return 0;
  }
  const std::string text = coap_endpoint_str(endpoint);
  return std::atoi(text.c_str() + text.rfind(':') + 1);
}

bool InputHasEnded() {
  pollfd input = {STDIN_FILENO, POLLIN, 0};
  char octet = 0;
  return poll(&input, 1, 0) == 1 && read(STDIN_FILENO, &octet, 1) == 0;
}

void Serve(coap_context_t *context) {
  while (!InputHasEnded()) {
    const int64_t due = saef_coap_gate_timeout_ms(gate);
    const uint32_t timeout = due < 0 || due > 100 ? 100 : std::max<uint32_t>(1, uint32_t(due));
    coap_io_process(context, timeout);
    saef_coap_gate_process(gate);
  }
}

}  // namespace

int main(int argc, char **argv) {
  FakePlugin fake;
  plugin = &fake;
  MakePlans();
  coap_startup();
  coap_context_t *context = coap_new_context(nullptr);
  saef_coap_gate_arguments arguments = {};
  arguments.size = sizeof(arguments);
  arguments.gate.size = sizeof(arguments.gate);
  arguments.gate.api = fake.api();
  arguments.gate.instance = fake.instance();
  arguments.gate.refusal =
      argc > 1 && std::strcmp(argv[1], "hide") == 0 ? SAEF_GATE_HIDE : SAEF_GATE_ALERT;
  arguments.gate.max_hold_ms = 1000;
  arguments.blocking = argc > 2 ? static_cast<uint32_t>(std::atoi(argv[2])) : 0;
  arguments.host_psk = HostPsk;
  const int32_t result = saef_coap_gate_attach(context, &arguments, &gate);
  if (result != SAEF_DONE) {
    std::printf("attach %d\n", static_cast<int>(result));
    coap_free_context(context);
    return 2;
  }
  AddResource(context, "who", OnWho);
  AddResource(context, "end", OnEnd);
  std::printf("port %d\n", Listen(context));
  std::fflush(stdout);
  Serve(context);
  saef_coap_gate_detach(gate);
  coap_free_context(context);
  coap_cleanup();
  const FakePlugin::Counts counts = fake.counts();
  std::printf("associated %d dissociated %d open %zu asyncs %d waits %d\n", counts.associated,
              counts.dissociated, fake.associations().size(), counts.asyncs, counts.waits);
  return 0;
}
