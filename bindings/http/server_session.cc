// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/http/server_session.h"

#include "bindings/http/server_connection.h"

namespace saef::http {
namespace {

// The server's thread is never busy for long.
constexpr std::chrono::seconds kPatience{10};

}  // namespace

bindings::Result<onem2m::Secret> ServerSession::ExportKeyingMaterial(std::string_view label,
                                                                     std::size_t length) {
  if (!secure_) return bindings::Error::kNotEstablished;
  return mailbox_->Ask<onem2m::Secret>(kPatience,
                                       [connection = connection_, label = std::string(label),
                                        length]() -> bindings::Result<onem2m::Secret> {
                                         const auto alive = connection.lock();
                                         if (!alive || alive->closed())
                                           return bindings::Error::kClosed;
                                         return alive->tls()->ExportKeyingMaterial(label, length);
                                       });
}

void ServerSession::EndAfterResponse() {
  ends_after_response_ = true;
  mailbox_->Post([connection = connection_] {
    if (const auto alive = connection.lock()) alive->EndIfIdle();
  });
}

}  // namespace saef::http
