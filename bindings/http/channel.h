// SPDX-License-Identifier: GPL-3.0-or-later
//
// Channel: one TCP connection, in the clear or under TLS, as bytes in order. Moves when the socket
// is ready and never blocks; what is made of the bytes is its subclass's.
//
// Threads: one, that of its io_context. Lifetime: shared, kept by its own pending operations until
// Close; it must be closed before what its subclass refers to goes.
#ifndef SAEF_BINDINGS_HTTP_CHANNEL_H_
#define SAEF_BINDINGS_HTTP_CHANNEL_H_

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "bindings/http/tls_engine.h"

namespace saef::http {

// What one read takes from a socket; the buffer is shared by the channels of a thread.
inline constexpr std::size_t kScratchSize = 16 * 1024;

class Channel : public std::enable_shared_from_this<Channel> {
 public:
  using Socket = boost::asio::ip::tcp::socket;
  using Clock = std::chrono::steady_clock;

  virtual ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // Shakes hands where there is TLS; then OnEstablished.
  void Start();
  // Tries the handshake again: the gate has let it go on.
  void Advance();
  // Queues bytes of the plain text; OnSent once the kernel has them all.
  void Send(std::string bytes);
  // Ends in good order: what was sent goes out, then close_notify and FIN. With `linger`, what
  // still comes is discarded for a moment, so that a reset doesn't take our last words from the
  // peer.
  void End(bool linger);
  // Ends at once.
  void Close();

  bool closed() const { return closed_; }
  bool ending() const { return ending_; }
  bool established() const { return established_; }
  TlsEngine* tls() const { return tls_.get(); }

 protected:
  // `tls` is null for a plain connection.
  Channel(Socket socket, std::unique_ptr<TlsEngine> tls, std::span<std::uint8_t> scratch);

  // Called once each; OnClosed last. An ending or closed channel calls nothing but OnClosed.
  virtual void OnEstablished() = 0;
  virtual void OnHandshakeFailed() = 0;
  virtual void OnClosed() = 0;
  // Called while reading is on. The bytes live during the call.
  virtual void OnPlaintext(std::span<const std::uint8_t> bytes) = 0;
  virtual void OnSent() = 0;
  // The peer has ended its side: with FIN in the clear or close_notify under TLS (clean), or
  // otherwise.
  virtual void OnEnd(bool clean) = 0;
  virtual void OnDeadline() = 0;
  // Does a failed handshake end with a linger (see End)?
  virtual bool lingers() const = 0;
  // Ciphertext has been put into TLS.
  virtual void AfterPut() {}

  // Is plain text wanted? On at first.
  void SetReading(bool reading);
  void SetDeadline(Clock::duration from_now);
  void SetTls(std::unique_ptr<TlsEngine> tls) { tls_ = std::move(tls); }
  // Runs `function` later, if this still exists and isn't closed.
  template <typename Function>
  void Later(Function function) {
    boost::asio::post(socket_.get_executor(),
                      [self = shared_from_this(), this, function = std::move(function)] {
                        if (!closed_) function();
                      });
  }

 private:
  void WaitReadable();
  void OnReadable();
  void TakeBytes(std::span<const std::uint8_t> bytes);
  void OnPeerEnd(bool clean);
  void ReadPlaintext();
  void PushPlaintext();
  void Flush();
  bool WritePending();
  void AfterFlush();
  void FailHandshake();
  void ArmTimer();

  Socket socket_;
  std::unique_ptr<TlsEngine> tls_;
  std::span<std::uint8_t> scratch_;
  boost::asio::steady_timer timer_;
  Clock::time_point deadline_ = Clock::time_point::max();
  std::uint64_t timer_generation_ = 0;
  bool timer_armed_ = false;

  std::string pending_;  // plain text that hasn't gone into the socket or TLS
  std::size_t pending_done_ = 0;
  std::size_t drained_ = 0;
  bool sending_ = false;
  bool established_ = false;
  bool reading_ = true;
  bool waiting_read_ = false;
  bool waiting_write_ = false;
  bool peer_ended_ = false;
  bool ending_ = false;
  bool linger_ = false;
  bool draining_ = false;
  bool closed_ = false;
};

}  // namespace saef::http

#endif  // SAEF_BINDINGS_HTTP_CHANNEL_H_
