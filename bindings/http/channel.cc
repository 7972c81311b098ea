// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/http/channel.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include "onem2m/secret.h"

namespace saef::http {
namespace {

using boost::system::error_code;

// For our last words to go out and for the peer to hear them.
constexpr std::chrono::seconds kEndTime{2};
constexpr std::size_t kMaxDrained = 1024 * 1024;

bool IsBlocked(const error_code& error) {
  return error == boost::asio::error::would_block || error == boost::asio::error::try_again;
}

}  // namespace

Channel::Channel(Socket socket, std::unique_ptr<TlsEngine> tls, std::span<std::uint8_t> scratch)
    : socket_(std::move(socket)),
      tls_(std::move(tls)),
      scratch_(scratch),
      timer_(socket_.get_executor()) {
  error_code ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
}

Channel::~Channel() { onem2m::Wipe(pending_); }

void Channel::Start() {
  if (tls_) {
    Advance();
  } else {
    established_ = true;
    OnEstablished();
  }
  WaitReadable();
}

void Channel::Advance() {
  if (closed_ || ending_ || !tls_) return;
  if (!established_) {
    const TlsStep step = tls_->Handshake();
    if (step == TlsStep::kAgain) return Flush();
    if (step != TlsStep::kDone) return FailHandshake();
    established_ = true;
    Flush();
    if (closed_) return;
    OnEstablished();
  }
  ReadPlaintext();
}

void Channel::FailHandshake() {
  OnHandshakeFailed();
  End(lingers());
}

void Channel::SetReading(bool reading) {
  if (reading_ == reading) return;
  reading_ = reading;
  if (!reading_) return;
  // What TLS already holds doesn't make the socket readable.
  Later([this] {
    if (tls_ && established_) ReadPlaintext();
    WaitReadable();
  });
}

void Channel::WaitReadable() {
  const bool wanted = draining_ || (!ending_ && !peer_ended_ && (reading_ || !established_));
  if (closed_ || waiting_read_ || !wanted) return;
  waiting_read_ = true;
  socket_.async_wait(Socket::wait_read, [self = shared_from_this(), this](error_code error) {
    waiting_read_ = false;
    if (closed_) return;
    if (error) return Close();
    OnReadable();
    WaitReadable();
  });
}

void Channel::OnReadable() {
  // Reading was switched off while this wait was under way; the bytes stay in the socket.
  if (!draining_ && (ending_ || (established_ && !reading_))) return;
  error_code error;
  const std::size_t length =
      socket_.read_some(boost::asio::buffer(scratch_.data(), scratch_.size()), error);
  if (IsBlocked(error)) return;
  if (error == boost::asio::error::eof) return OnPeerEnd(!tls_);
  if (error) return draining_ ? Close() : OnPeerEnd(false);
  TakeBytes(scratch_.first(length));
}

void Channel::TakeBytes(std::span<const std::uint8_t> bytes) {
  if (draining_) {
    drained_ += bytes.size();
    if (drained_ > kMaxDrained) Close();
    return;
  }
  if (!tls_) return OnPlaintext(bytes);
  if (!tls_->Put(bytes)) return established_ ? End(false) : FailHandshake();
  AfterPut();
  Advance();
}

void Channel::OnPeerEnd(bool clean) {
  peer_ended_ = true;
  if (draining_) return Close();
  if (!established_) return FailHandshake();
  OnEnd(clean);
}

void Channel::ReadPlaintext() {
  while (!closed_ && !ending_ && reading_) {
    std::size_t length = 0;
    switch (tls_->Read(scratch_, length)) {
      case TlsStep::kDone:
        OnPlaintext(scratch_.first(length));
        break;
      case TlsStep::kAgain:
        return Flush();
      case TlsStep::kClosed:
        if (!peer_ended_) OnPeerEnd(true);
        return;
      case TlsStep::kFailed:
        Flush();
        if (!closed_ && !peer_ended_) OnPeerEnd(false);
        return;
    }
  }
}

void Channel::Send(std::string bytes) {
  if (closed_ || ending_) return;
  if (pending_.empty()) {
    pending_ = std::move(bytes);
  } else {
    pending_ += bytes;
  }
  sending_ = true;
  PushPlaintext();
  Flush();
}

// As much of the plain text as TLS takes; it holds it as ciphertext.
void Channel::PushPlaintext() {
  if (!tls_) return;
  while (pending_done_ < pending_.size()) {
    std::size_t length = 0;
    const std::span rest(reinterpret_cast<const std::uint8_t*>(pending_.data()) + pending_done_,
                         pending_.size() - pending_done_);
    const TlsStep step = tls_->Write(rest, length);
    if (step == TlsStep::kAgain) return;
    if (step != TlsStep::kDone) return Close();
    pending_done_ += length;
  }
}

void Channel::Flush() {
  if (closed_ || waiting_write_ || draining_) return;
  for (;;) {
    if (!WritePending()) return;
    if (!tls_ || pending_done_ >= pending_.size()) break;
    PushPlaintext();
    if (closed_ || tls_->Take().empty()) return;
  }
  AfterFlush();
}

// False: not all of it could be written; goes on when the socket is writable.
bool Channel::WritePending() {
  for (;;) {
    std::span<const std::uint8_t> bytes;
    if (tls_) {
      bytes = tls_->Take();
    } else {
      bytes = {reinterpret_cast<const std::uint8_t*>(pending_.data()) + pending_done_,
               pending_.size() - pending_done_};
    }
    if (bytes.empty()) return true;
    error_code error;
    const std::size_t length =
        socket_.write_some(boost::asio::buffer(bytes.data(), bytes.size()), error);
    if (IsBlocked(error)) {
      waiting_write_ = true;
      socket_.async_wait(Socket::wait_write, [self = shared_from_this(), this](error_code failed) {
        waiting_write_ = false;
        if (closed_) return;
        if (failed) return Close();
        Flush();
      });
      return false;
    }
    if (error) {
      Close();
      return false;
    }
    if (tls_) {
      tls_->Taken(length);
    } else {
      pending_done_ += length;
    }
  }
}

void Channel::AfterFlush() {
  if (sending_) {
    onem2m::Wipe(pending_);
    pending_done_ = 0;
    sending_ = false;
    if (!ending_) return OnSent();
  }
  if (!ending_) return;
  error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  if (!linger_ || peer_ended_) return Close();
  draining_ = true;
  WaitReadable();
}

void Channel::End(bool linger) {
  if (closed_ || ending_) return;
  ending_ = true;
  linger_ = linger;
  SetDeadline(kEndTime);
  if (tls_) {
    PushPlaintext();
    if (closed_) return;
    tls_->CloseNotify();
  }
  Flush();
}

void Channel::Close() {
  if (closed_) return;
  closed_ = true;
  ++timer_generation_;
  timer_.cancel();
  error_code ignored;
  socket_.close(ignored);
  OnClosed();
}

void Channel::SetDeadline(Clock::duration from_now) {
  deadline_ = Clock::now() + from_now;
  if (!timer_armed_ || timer_.expiry() > deadline_) ArmTimer();
}

// Re-armed only for an earlier deadline: a later one is looked at when the timer fires.
void Channel::ArmTimer() {
  if (closed_) return;
  timer_armed_ = true;
  timer_.expires_at(deadline_);
  timer_.async_wait(
      [self = shared_from_this(), this, generation = ++timer_generation_](error_code) {
        if (closed_ || generation != timer_generation_) return;
        timer_armed_ = false;
        if (Clock::now() < deadline_) return ArmTimer();
        if (ending_) return Close();
        OnDeadline();
      });
}

}  // namespace saef::http
