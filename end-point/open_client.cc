// SPDX-License-Identifier: GPL-3.0-or-later
#include "end-point/open_client.h"

#include <utility>

#include "bindings/coap/client.h"
#include "bindings/http/client.h"

namespace saef::end_point {

bindings::Result<std::unique_ptr<bindings::Client>> OpenClient(bindings::ClientOptions options) {
  return options.uri.coap() ? coap::OpenClient(std::move(options))
                            : http::OpenClient(std::move(options));
}

}  // namespace saef::end_point
