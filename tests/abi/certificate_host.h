// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a host on libcoap adds for clients with certificates: libcoap's own PKI mode, the plugin's
// judgement in validate_cn_call_back, and the gate, which is told of the peer there.
#ifndef SAEF_TESTS_ABI_CERTIFICATE_HOST_H_
#define SAEF_TESTS_ABI_CERTIFICATE_HOST_H_

#include <coap3/coap.h>

#include <string>

#include "saef/coap_gate.h"
#include "tests/abi/fake_plugin.h"

namespace saef::abi_test {

// `folder` holds server.pem, server.key.pem and ca.pem. All must outlive the context. False:
// libcoap refuses.
bool UseCertificates(coap_context_t *context, const std::string &folder, saef_coap_gate *gate,
                     FakePlugin *plugin);

}  // namespace saef::abi_test

#endif  // SAEF_TESTS_ABI_CERTIFICATE_HOST_H_
