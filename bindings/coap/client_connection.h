// SPDX-License-Identifier: GPL-3.0-or-later
//
// ClientConnection: the client's way to its peer: one session at a time, made by trying the
// addresses of the peer's name one after the other, within the handshake's time. All on the loop's
// thread.
#ifndef SAEF_BINDINGS_COAP_CLIENT_CONNECTION_H_
#define SAEF_BINDINGS_COAP_CLIENT_CONNECTION_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "bindings/client.h"
#include "bindings/coap/client_session.h"
#include "bindings/coap/loop.h"
#include "bindings/coap/resolver.h"
#include "bindings/error.h"
#include "bindings/uri.h"

namespace saef::coap {

class ClientConnection {
 public:
  // Whoever sends over it is told, once it is without a session again; never within libcoap's
  // callbacks.
  struct Told {
    std::function<void(bindings::Error)> failed;  // no session was to be had
    std::function<void(bindings::Error)> ended;   // the one that stood has ended
  };
  using Connected = std::function<void(bindings::Result<void>)>;

  ClientConnection(Loop& loop, bindings::Uri uri, std::chrono::milliseconds handshake_timeout,
                   SessionSettings settings, Told told);
  ClientConnection(const ClientConnection&) = delete;
  ClientConnection& operator=(const ClientConnection&) = delete;

  // Hands `this` to whoever resolves the name, as long as it is there.
  void SetLoop(std::weak_ptr<Loop> loop) { weak_loop_ = std::move(loop); }

  // `connected` runs at once where a session stands, else when one does or can't be had.
  void Connect(Connected connected);
  // Makes a session unless one stands or is being made.
  void Begin();
  // Acts on what libcoap's callbacks have noted about the session.
  void Check();
  // Gives up a handshake whose time is over.
  void Expire(Clock::time_point now);
  // Ends the session, or gives up making one; `told` hears nothing.
  void Close();

  bool established() const { return state_ == State::kEstablished; }  // any thread
  // Null: none, not even one whose handshake is under way.
  ClientSession* session() const { return session_.get(); }
  // What it means that no answer came to a handshake.
  bindings::Error Silence() const {
    return session_ ? session_->Silence() : bindings::Error::kUnreachable;
  }
  Clock::time_point NextDue() const;
  std::uint64_t sessions_established() const { return sessions_established_; }  // any thread

 private:
  enum class State { kIdle, kResolving, kConnecting, kEstablished };

  bool shaking() const { return state_ == State::kResolving || state_ == State::kConnecting; }
  void OnAddresses(Addresses addresses, std::uint64_t attempt);
  void OpenNext();
  void Established();
  void Fail(bindings::Error error);
  void TellConnected(bindings::Result<void> result);

  Loop& loop_;
  std::weak_ptr<Loop> weak_loop_;
  const bindings::Uri uri_;
  const std::chrono::milliseconds handshake_timeout_;
  const SessionSettings settings_;
  const Told told_;
  std::atomic<State> state_{State::kIdle};
  std::uint64_t attempt_ = 0;
  Addresses addresses_;
  std::size_t next_address_ = 0;
  Clock::time_point handshake_deadline_;
  std::unique_ptr<ClientSession> session_;
  std::vector<Connected> connecting_;
  std::atomic<std::uint64_t> sessions_established_{0};
};

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_CLIENT_CONNECTION_H_
