// SPDX-License-Identifier: GPL-3.0-or-later
//
// For this folder's tests: a raw TCP peer with a deadline on everything, a handler whose answers
// show what came, and programs run with their output kept.
#ifndef SAEF_BINDINGS_HTTP_TEST_PEER_H_
#define SAEF_BINDINGS_HTTP_TEST_PEER_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/server.h"
#include "onem2m/thread_annotations.h"

namespace saef::http::test {

inline constexpr std::chrono::seconds kPatience{20};
inline constexpr std::chrono::seconds kTimeout{15};  // of a client's request

// True once `condition` holds, false after kPatience.
bool Eventually(const std::function<bool()>& condition);

std::size_t OpenDescriptors();

class RawPeer {
 public:
  explicit RawPeer(std::uint16_t port);
  ~RawPeer();
  RawPeer(const RawPeer&) = delete;
  RawPeer& operator=(const RawPeer&) = delete;

  // False: the peer has ended the connection.
  bool Write(std::string_view bytes);
  // Reads until `text` has come (true), or the end or kPatience (false). What came is in
  // received().
  bool ReadUntil(std::string_view text);
  bool ReadToEnd();  // true: the end came within kPatience
  void HalfClose();
  std::string& received() { return received_; }

 private:
  bool ReadMore();
  int socket_ = -1;
  bool ended_ = false;
  std::string received_;
};

// A TCP listener on a free port of 127.0.0.1 that hands each connection's descriptor to `serve`,
// one after the other, on its own thread. The destructor closes and joins.
class RawServer {
 public:
  explicit RawServer(std::function<void(int)> serve);
  ~RawServer();
  std::uint16_t port() const { return port_; }

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
  std::uint16_t port_ = 0;
};

struct Finished {
  int exit_code = -1;
  std::string output;  // stdout and stderr
};
// Runs a shell command with `input` on its stdin, for at most kPatience.
Finished Run(const std::string& command, const std::string& input = "");

// "echo/…" and everything else: 2000 with a JSON text of what came. "drop": dropped unanswered.
// "hold": kept until Release. "end": ends the session after the answer. "export": the exported
// octets in hex. "big": 200 kB.
class TestHandler final : public bindings::RequestHandler {
 public:
  void Handle(onem2m::RequestPrimitive request, std::shared_ptr<bindings::Session> session,
              bindings::Respond respond) override;
  void Release();
  std::size_t held();
  std::shared_ptr<bindings::Session> last_session();

 private:
  Mutex mutex_;
  std::vector<std::pair<onem2m::RequestPrimitive, bindings::Respond>> held_ SAEF_GUARDED_BY(mutex_);
  std::shared_ptr<bindings::Session> last_session_ SAEF_GUARDED_BY(mutex_);
};

inline constexpr std::string_view kIdentity = "km1@maf.example.com";
inline constexpr std::string_view kKeyHex =
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

// Knows kIdentity alone.
bindings::PskTable OneKey();
onem2m::RequestPrimitive Retrieve(const std::string& to);
std::string RawGet(const std::string& path, const std::string& more = "");

}  // namespace saef::http::test

#endif  // SAEF_BINDINGS_HTTP_TEST_PEER_H_
