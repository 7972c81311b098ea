// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/client.h"

#include <utility>
#include <variant>

#include "bindings/coap/session_client.h"
#include "bindings/coap/spread_client.h"

namespace saef::coap {
namespace {

using bindings::ClientOptions;
using bindings::Error;
using bindings::Result;

constexpr std::size_t kMaxIdentity = 128;  // RFC 4279 5.3
constexpr std::size_t kMaxKey = 64;

Result<void> CheckOptions(const ClientOptions& options) {
  if (!options.uri.coap() || options.uri.host.empty()) return Error::kBadUri;
  if (options.max_in_flight == 0) return Error::kBadRequest;
  if (!options.uri.secure()) return {};
  // Never cut to fit: what is too long is refused here.
  const auto* psk = std::get_if<bindings::PskCredential>(&options.credential);
  if (psk == nullptr) return {};
  if (psk->identity.empty() || psk->identity.size() > kMaxIdentity ||
      psk->identity.find('\0') != std::string::npos || psk->key.empty() ||
      psk->key.size() > kMaxKey) {
    return Error::kBadRequest;
  }
  return {};
}

template <typename Kind>
Result<std::unique_ptr<bindings::Client>> Open(ClientOptions options) {
  auto client = Kind::Open(std::move(options));
  if (!client) return client.error();
  return Result<std::unique_ptr<bindings::Client>>(std::move(*client));
}

}  // namespace

Result<std::unique_ptr<bindings::Client>> OpenClient(ClientOptions options) {
  if (const auto checked = CheckOptions(options); !checked) return checked.error();
  return options.max_sessions > 1 ? Open<SpreadClient>(std::move(options))
                                  : Open<SessionClient>(std::move(options));
}

}  // namespace saef::coap
