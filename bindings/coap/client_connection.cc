// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/client_connection.h"

#include <utility>

namespace saef::coap {

using bindings::Error;
using bindings::LogLevel;
using bindings::Result;

ClientConnection::ClientConnection(Loop& loop, bindings::Uri uri,
                                   std::chrono::milliseconds handshake_timeout,
                                   SessionSettings settings, Told told)
    : loop_(loop),
      uri_(std::move(uri)),
      handshake_timeout_(handshake_timeout),
      settings_(std::move(settings)),
      told_(std::move(told)) {}

void ClientConnection::Connect(Connected connected) {
  if (established()) {
    connected({});
    return;
  }
  connecting_.push_back(std::move(connected));
  Begin();
}

void ClientConnection::Begin() {
  if (state_ != State::kIdle) return;
  state_ = State::kResolving;
  handshake_deadline_ = Clock::now() + handshake_timeout_;
  const std::uint64_t attempt = ++attempt_;
  Resolve(uri_.host, uri_.port, [this, weak = weak_loop_, attempt](Addresses found) {
    // Once the loop has stopped, Post drops this, and `this` isn't looked at.
    if (const auto loop = weak.lock()) {
      loop->Post([this, found = std::move(found), attempt]() mutable {
        OnAddresses(std::move(found), attempt);
      });
    }
  });
}

void ClientConnection::OnAddresses(Addresses addresses, std::uint64_t attempt) {
  if (state_ != State::kResolving || attempt != attempt_) return;
  addresses_ = std::move(addresses);
  next_address_ = 0;
  state_ = State::kConnecting;
  OpenNext();
}

void ClientConnection::OpenNext() {
  session_.reset();
  while (next_address_ < addresses_.size()) {
    session_ = ClientSession::Open(loop_.context(), addresses_[next_address_++], settings_);
    if (session_) {
      Check();
      return;
    }
  }
  Fail(Error::kUnreachable);
}

void ClientConnection::Check() {
  if (!session_) return;
  if (const auto end = session_->end()) {
    if (established()) {
      loop_.Say(LogLevel::kDebug, "session with " + uri_.text() + " ended");
      session_.reset();
      state_ = State::kIdle;
      told_.ended(*end);
    } else if (*end == Error::kUnreachable) {
      OpenNext();
    } else {
      Fail(*end);
    }
  } else if (session_->established() && state_ == State::kConnecting) {
    Established();
  }
}

void ClientConnection::Established() {
  state_ = State::kEstablished;
  ++sessions_established_;
  loop_.Say(LogLevel::kDebug, "session with " + uri_.text() + " established");
  TellConnected({});
}

void ClientConnection::Fail(Error error) {
  loop_.Say(LogLevel::kInfo,
            "no session with " + uri_.text() + ": " + make_error_code(error).message());
  session_.reset();
  state_ = State::kIdle;
  TellConnected(error);
  told_.failed(error);
}

void ClientConnection::TellConnected(Result<void> result) {
  for (const Connected& connected : std::exchange(connecting_, {})) connected(result);
}

void ClientConnection::Expire(Clock::time_point now) {
  if (shaking() && handshake_deadline_ <= now) Fail(Silence());
}

void ClientConnection::Close() {
  session_.reset();
  state_ = State::kIdle;
  ++attempt_;
  TellConnected(Error::kClosed);
}

Clock::time_point ClientConnection::NextDue() const {
  return shaking() ? handshake_deadline_ : Clock::now() + std::chrono::hours(1);
}

}  // namespace saef::coap
