// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/http/test_peer.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <iterator>
#include <thread>

#include "onem2m/key_derivation.h"
#include "onem2m/secret.h"

namespace saef::http::test {
namespace {

using Clock = std::chrono::steady_clock;

sockaddr_in Loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int MillisecondsTo(Clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
  return left.count() > 0 ? static_cast<int>(left.count()) : 0;
}

}  // namespace

bool Eventually(const std::function<bool()>& condition) {
  const auto deadline = Clock::now() + kPatience;
  while (!condition()) {
    if (Clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

std::size_t OpenDescriptors() {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}));
}

RawPeer::RawPeer(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const sockaddr_in address = Loopback(port);
  ended_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0;
}

RawPeer::~RawPeer() { ::close(socket_); }

bool RawPeer::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool RawPeer::ReadMore() {
  pollfd waiting{socket_, POLLIN, 0};
  if (::poll(&waiting, 1, MillisecondsTo(Clock::now() + kPatience)) <= 0) return false;
  char buffer[16384];
  const ssize_t length = ::recv(socket_, buffer, sizeof(buffer), 0);
  if (length <= 0) {
    ended_ = true;
    return false;
  }
  received_.append(buffer, static_cast<std::size_t>(length));
  return true;
}

bool RawPeer::ReadUntil(std::string_view text) {
  while (received_.find(text) == std::string::npos) {
    if (!ReadMore()) return false;
  }
  return true;
}

bool RawPeer::ReadToEnd() {
  while (ReadMore()) {
  }
  return ended_;
}

void RawPeer::HalfClose() { ::shutdown(socket_, SHUT_WR); }

struct RawServer::Implementation {
  int socket = -1;
  std::atomic<bool> stopping{false};
  std::thread thread;
};

RawServer::RawServer(std::function<void(int)> serve)
    : implementation_(std::make_unique<Implementation>()) {
  Implementation& own = *implementation_;
  own.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = Loopback(0);
  ::bind(own.socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  ::listen(own.socket, 64);
  socklen_t length = sizeof(address);
  ::getsockname(own.socket, reinterpret_cast<sockaddr*>(&address), &length);
  port_ = ntohs(address.sin_port);
  own.thread = std::thread([&own, serve = std::move(serve)] {
    while (!own.stopping) {
      pollfd waiting{own.socket, POLLIN, 0};
      if (::poll(&waiting, 1, 20) <= 0) continue;
      const int peer = ::accept4(own.socket, nullptr, nullptr, SOCK_CLOEXEC);
      if (peer < 0) continue;
      serve(peer);
      ::close(peer);
    }
  });
}

RawServer::~RawServer() {
  implementation_->stopping = true;
  implementation_->thread.join();
  ::close(implementation_->socket);
}

Finished Run(const std::string& command, const std::string& input) {
  int in[2];
  int out[2];
  if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) return {};
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(in[0], 0);
    ::dup2(out[1], 1);
    ::dup2(out[1], 2);
    ::execl("/bin/sh", "sh", "-c", ("exec timeout 20 " + command).c_str(), nullptr);
    ::_exit(127);
  }
  ::close(in[0]);
  ::close(out[1]);
  const bool written = ::write(in[1], input.data(), input.size()) == ssize_t(input.size());
  Finished result;
  char buffer[4096];
  // Its stdin stays open until it has ended or answered: s_client leaves at the end of its input.
  for (ssize_t length; written && (length = ::read(out[0], buffer, sizeof(buffer))) > 0;) {
    result.output.append(buffer, static_cast<std::size_t>(length));
  }
  ::close(in[1]);
  ::close(out[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return result;
}

void TestHandler::Handle(onem2m::RequestPrimitive request,
                         std::shared_ptr<bindings::Session> session, bindings::Respond respond) {
  const MutexLock lock(mutex_);
  last_session_ = session;
  if (request.to == "drop") return;
  if (request.to == "hold") {
    held_.emplace_back(std::move(request), std::move(respond));
    return;
  }
  if (request.to == "end") session->EndAfterResponse();
  auto response = onem2m::RespondTo(request, onem2m::ResponseStatusCode::kOk);
  if (request.to == "export") {
    const auto key = session->ExportKeyingMaterial(onem2m::kConnectionExportLabel, 48);
    response.content = key ? "\"" + key->ToHex() + "\"" : "\"" + key.error().message() + "\"";
  } else if (request.to == "big") {
    response.content = "\"" + std::string(200000, 'b') + "\"";
  } else {
    response.content = "{\"op\":" + std::to_string(static_cast<int>(request.operation)) +
                       ",\"to\":\"" + request.to + "\",\"fr\":\"" + request.from.value_or("") +
                       "\",\"id\":\"" + session->psk_identity() +
                       "\",\"as\":" + std::to_string(session->association()) +
                       ",\"length\":" + std::to_string(request.content.size()) + "}";
  }
  respond(std::move(response));
}

void TestHandler::Release() {
  std::vector<std::pair<onem2m::RequestPrimitive, bindings::Respond>> held;
  {
    const MutexLock lock(mutex_);
    held.swap(held_);
  }
  for (auto& [request, respond] : held) {
    respond(onem2m::RespondTo(request, onem2m::ResponseStatusCode::kOk));
  }
}

std::size_t TestHandler::held() {
  const MutexLock lock(mutex_);
  return held_.size();
}

std::shared_ptr<bindings::Session> TestHandler::last_session() {
  const MutexLock lock(mutex_);
  return last_session_;
}

bindings::PskTable OneKey() {
  return [](std::string_view identity) -> onem2m::Result<onem2m::Secret> {
    if (identity != kIdentity) return onem2m::Error::kOutOfRange;
    return onem2m::Secret::FromHex(kKeyHex);
  };
}

onem2m::RequestPrimitive Retrieve(const std::string& to) {
  onem2m::RequestPrimitive request;
  request.operation = onem2m::Operation::kRetrieve;
  request.to = to;
  request.from = "Cae1";
  request.request_identifier = "r-" + to;
  request.release_version = "3";
  return request;
}

std::string RawGet(const std::string& path, const std::string& more) {
  return "GET " + path + " HTTP/1.1\r\nHost: cse\r\nX-M2M-RI: r\r\nX-M2M-Origin: Cae1\r\n" + more +
         "\r\n";
}

}  // namespace saef::http::test
