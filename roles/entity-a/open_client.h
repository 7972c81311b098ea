// SPDX-License-Identifier: GPL-3.0-or-later
//
// OpenClient: a client over CoAP or over HTTP, as the URI's scheme says.
#ifndef SAEF_ROLES_ENTITY_A_OPEN_CLIENT_H_
#define SAEF_ROLES_ENTITY_A_OPEN_CLIENT_H_

#include <memory>

#include "bindings/client.h"

namespace saef::entity_a {

// Nothing is sent yet. The errors are those of coap::OpenClient and http::OpenClient.
bindings::Result<std::unique_ptr<bindings::Client>> OpenClient(bindings::ClientOptions options);

}  // namespace saef::entity_a

#endif  // SAEF_ROLES_ENTITY_A_OPEN_CLIENT_H_
