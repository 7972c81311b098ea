// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/http/server_thread.h"

#include <algorithm>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <system_error>
#include <utility>

#include "bindings/http/gated_tls.h"

namespace saef::http {

using bindings::Error;
using bindings::LogLevel;
using bindings::Result;
using boost::asio::ip::tcp;
using boost::system::error_code;

ServerThread::ServerThread(const Common& common, bindings::ServerPart part)
    : options_(common.options),
      certificates_(common.certificates),
      handler_(common.handler),
      part_(part),
      mailbox_(std::make_shared<Mailbox>(io_)),
      gate_timer_(io_) {}

// Without memory for a word to its own thread there is no way to end it.
// NOLINTNEXTLINE(bugprone-exception-escape)
ServerThread::~ServerThread() {
  Stop();
  mailbox_->Close();
}

void ServerThread::Stop(std::function<void()> last) {
  if (!thread_.joinable()) return;
  mailbox_->Post([this, last = std::move(last)] {
    if (last) last();
    EndAll();
    work_.reset();
  });
  thread_.join();
}

Result<void> ServerThread::OpenKeys() {
  keys_.emplace(options_, certificates_, part_, [this] { Wake(); });
  return keys_->Open();
}

Result<void> ServerThread::Start() {
  try {
    thread_ = std::thread([this] {
      // Returns when EndAll has closed everything and the last connection is gone; only then the
      // gate.
      io_.run();
      keys_.reset();
    });
  } catch (const std::system_error&) {
    return Error::kLibrary;
  }
  return {};
}

void ServerThread::EndAssociation(saef_association association) {
  const MutexLock lock(ended_mutex_);
  if (ended_.empty()) mailbox_->Post([this] { EndAssociations(); });
  ended_.push_back(association);
}

// Seldom, and then perhaps many: so connections are looked through, and no table of associations is
// kept, which each handshake would pay for.
void ServerThread::EndAssociations() {
  std::vector<saef_association> ended;
  {
    const MutexLock lock(ended_mutex_);
    ended.swap(ended_);
  }
  std::sort(ended.begin(), ended.end());
  std::vector<std::shared_ptr<ServerConnection>> ending;
  for (const auto& [connection, weak] : connections_) {
    const saef_association association = connection->association();
    if (association == SAEF_NO_ASSOCIATION ||
        !std::binary_search(ended.begin(), ended.end(), association)) {
      continue;
    }
    if (auto alive = weak.lock()) ending.push_back(std::move(alive));
  }
  for (const auto& connection : ending) connection->End(/*linger=*/true);
}

// ---- Connections

void ServerThread::Take(tcp::socket socket, bool secure, std::string peer,
                        bindings::SessionBounds::Place place) {
  ++load_;
  boost::asio::dispatch(io_, [this, socket = std::move(socket), secure, peer = std::move(peer),
                              place = std::move(place)]() mutable {
    if (!Open(std::move(socket), secure, peer, std::move(place))) --load_;
  });
}

bool ServerThread::Open(tcp::socket socket, bool secure, const std::string& peer,
                        bindings::SessionBounds::Place place) {
  const auto connection = std::make_shared<ServerConnection>(std::move(socket), scratch_, *this,
                                                             peer, std::move(place));
  if (secure) {
    auto tls = keys_->NewSession([weak = std::weak_ptr<ServerConnection>(connection), this] {
      boost::asio::post(io_, [weak] {
        if (const auto alive = weak.lock()) alive->Advance();
      });
    });
    if (!tls) {
      Log(LogLevel::kError, "no TLS session for " + peer);
      return false;
    }
    connection->UseTls(std::move(*tls));
  }
  connections_.emplace(connection.get(), connection);
  counters_.sessions.Set(connections_.size());
  counters_.sessions_opened.Add();
  if (secure) counters_.handshakes.Add();
  connection->StartWithDeadline();
  return true;
}

void ServerThread::EndAll() {
  // Close takes each out of the map.
  while (!connections_.empty()) {
    const auto connection = connections_.begin()->second.lock();
    if (connection) {
      connection->Close();
    } else {
      connections_.erase(connections_.begin());
    }
  }
  gate_timer_.cancel();
  gate_deadline_ = -1;
}

void ServerThread::Established(ServerConnection& connection) {
  if (connection.handshaking()) counters_.EndHandshake(true);
}

void ServerThread::Closed(ServerConnection& connection) {
  if (connection.handshaking()) counters_.EndHandshake(false);
  connections_.erase(&connection);
  --load_;
  // Once its gate session is gone too.
  if (counters_.held_sessions.Get() > 0) boost::asio::post(io_, [this] { GateMoved(); });
  counters_.sessions.Set(connections_.size());
}

// ---- The gate

// Any thread; many wakes are one.
void ServerThread::Wake() {
  if (woken_.exchange(true)) return;
  mailbox_->Post([this] {
    woken_ = false;
    ProcessGate();
  });
}

void ServerThread::ProcessGate() {
  if (!keys_ || keys_->gate() == nullptr) return;
  saef_tls_gate_process(keys_->gate(), GateNow());
  GateMoved();
}

void ServerThread::GateMoved() {
  if (!keys_ || keys_->gate() == nullptr) return;
  counters_.Take(keys_->gate());
  const std::int64_t deadline = saef_gate_deadline(keys_->gate());
  if (deadline == gate_deadline_) return;
  gate_deadline_ = deadline;
  gate_timer_.cancel();
  if (deadline < 0) return;
  gate_timer_.expires_after(
      std::chrono::milliseconds(std::max<std::int64_t>(0, deadline - GateNow())));
  gate_timer_.async_wait([this](error_code error) {
    if (error) return;
    gate_deadline_ = -1;
    ProcessGate();
  });
}

}  // namespace saef::http
