// SPDX-License-Identifier: GPL-3.0-or-later
//
// A CoAP server behind the libcoap gate (server_script.h says whom it knows and what it obeys), for
// coap_gate_test. Compiled once for each libcoap.
//
//   coap_gate_server [alert|hide] [hold-ms] [blocking-ms] [folder with certificates] [deny]
//
// Prints "port N", serves GET /who (the identity of the association, or "nobody"), GET /end (ends
// its own association) and GET /renew (detaches the gate and attaches another), and in the end
// prints what the fake plugin counted.
#include <coap3/coap.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>

#include "saef/coap_gate.h"
#include "tests/abi/certificate_host.h"
#include "tests/abi/server_script.h"

#ifdef SAEF_TEST_DECEIVED
// A host whose linker knows the real function though the wrap isn't in force: attach can't tell.
extern "C" int __real_coap_dtls_receive(coap_session_t *, const uint8_t *, size_t) { abort(); }
#endif

namespace {

using saef::abi_test::PrintLine;
using saef::abi_test::ServerScript;

ServerScript *script = nullptr;
saef_coap_gate *gate = nullptr;
bool renew_asked = false;

void Reply(coap_pdu_t *response, const std::string &text) {
  coap_pdu_set_code(response, COAP_RESPONSE_CODE_CONTENT);
  coap_add_data(response, text.size(), reinterpret_cast<const uint8_t *>(text.data()));
}

void OnWho(coap_resource_t *, coap_session_t *session, const coap_pdu_t *, const coap_string_t *,
           coap_pdu_t *response) {
  const saef_association association = saef_coap_gate_association(gate, session);
  Reply(response,
        association == SAEF_NO_ASSOCIATION ? "nobody" : script->plugin().IdentityOf(association));
}

void OnEnd(coap_resource_t *, coap_session_t *session, const coap_pdu_t *, const coap_string_t *,
           coap_pdu_t *response) {
  saef_coap_gate_end_association(gate, saef_coap_gate_association(gate, session));
  Reply(response, "ended");
}

// The host's own handler, which is called as well.
int OnEvent(coap_session_t *session, const coap_event_t event) {
  if (event == COAP_EVENT_SERVER_SESSION_NEW) {
    coap_session_set_max_retransmit(session, 1);  // libcoap gives a handshake up after 3 s
  } else if (event == COAP_EVENT_DTLS_CONNECTED) {
    PrintLine("connected");
  }
  return 0;
}

void OnRenew(coap_resource_t *, coap_session_t *, const coap_pdu_t *, const coap_string_t *,
             coap_pdu_t *response) {
  renew_asked = true;
  Reply(response, "renewed");
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

int32_t Attach(coap_context_t *context, int argc, char **argv) {
  saef_coap_gate_arguments arguments = {};
  arguments.size = sizeof(arguments);
  arguments.gate.size = sizeof(arguments.gate);
  arguments.gate.api = script->plugin().api();
  arguments.gate.instance = script->plugin().instance();
  arguments.gate.refusal =
      argc > 1 && std::strcmp(argv[1], "hide") == 0 ? SAEF_GATE_HIDE : SAEF_GATE_ALERT;
  arguments.gate.max_hold_ms = argc > 2 ? static_cast<uint32_t>(std::atoi(argv[2])) : 0;
  arguments.blocking = argc > 3 ? static_cast<uint32_t>(std::atoi(argv[3])) : 0;
  arguments.host_psk = ServerScript::HostPsk;
  arguments.event = OnEvent;
  return saef_coap_gate_attach(context, &arguments, &gate);
}

// Sleeps until something happens: an answer must wake it as a datagram or an order does.
void Serve(coap_context_t *context, int argc, char **argv) {
  constexpr int64_t kLong = 100000;
  epoll_event event = {};
  event.events = EPOLLIN;
  epoll_ctl(coap_context_get_coap_fd(context), EPOLL_CTL_ADD, STDIN_FILENO, &event);
  while (script->TakeOrders(saef_coap_gate_gate(gate))) {
    const int64_t due = saef_coap_gate_timeout_ms(gate);
    coap_io_process(context,
                    static_cast<uint32_t>(due < 0 ? kLong : std::clamp(due, int64_t{1}, kLong)));
    saef_coap_gate_process(gate);
    if (renew_asked) {
      renew_asked = false;
      saef_coap_gate_detach(gate);
      if (Attach(context, argc, argv) != SAEF_DONE) abort();
    }
  }
}

}  // namespace

int main(int argc, char **argv) {
  ServerScript the_script;
  script = &the_script;
  coap_startup();
  coap_context_t *context = coap_new_context(nullptr);
  const int32_t attached = Attach(context, argc, argv);
  bool ready = attached == SAEF_DONE;
  if (ready && argc > 4) {
    script->plugin().AnswerVerifications(argc > 5 ? SAEF_DENIED : SAEF_DONE);
    ready = saef::abi_test::UseCertificates(context, argv[4], gate, &script->plugin());
  }
  if (ready) {
    AddResource(context, "who", OnWho);
    AddResource(context, "end", OnEnd);
    AddResource(context, "renew", OnRenew);
    PrintLine("port " + std::to_string(Listen(context)));
    Serve(context, argc, argv);
    saef_coap_gate_detach(gate);
  } else {
    PrintLine("attach " + std::to_string(attached));
  }
  coap_free_context(context);
  coap_cleanup();
  script->PrintCounts();
  return ready ? 0 : 2;
}
