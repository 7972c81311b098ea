// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/http/server.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <utility>

#include "bindings/http/server_thread.h"
#include "bindings/http/tls_context.h"
#include "bindings/session_bounds.h"

namespace saef::http {
namespace {

using bindings::Error;
using bindings::Listener;
using bindings::LogLevel;
using bindings::Result;
using bindings::ServerOptions;
using boost::asio::ip::tcp;
using boost::system::error_code;

// When there are no descriptors left, the next try to accept.
constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr std::chrono::seconds kWordPause{1};

std::string Text(const tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  const std::string port = std::to_string(endpoint.port());
  return endpoint.address().is_v6() ? "[" + address + "]:" + port : address + ":" + port;
}

// Its first thread accepts connections, and gives each to the thread that has fewest.
class HttpServer final : public bindings::Server {
 public:
  HttpServer(ServerOptions options, bindings::CertificateParty certificates,
             bindings::RequestHandler& handler)
      : options_(std::move(options)),
        certificates_(std::move(certificates)),
        handler_(handler),
        bounds_(bindings::SessionBounds::Limits::Of(options_)) {}

  // NOLINTNEXTLINE(bugprone-exception-escape): as ServerThread's
  ~HttpServer() override {
    if (!threads_.empty()) threads_.front()->Stop([this] { StopAccepting(); });
  }

  Result<void> Start();

  std::vector<std::uint16_t> ports() const override { return ports_; }
  std::size_t sessions() const override { return statistics().sessions; }
  bindings::ServerStatistics statistics() const override {
    bindings::ServerStatistics sum;
    for (const auto& thread : threads_) sum += thread->statistics();
    sum.refused_by_source_bound += refused_by_source_bound_.Get();
    sum.refused_by_total_bound += refused_by_total_bound_.Get();
    return sum;
  }
  void EndAssociation(saef_association association) override {
    for (const auto& thread : threads_) thread->EndAssociation(association);
  }

 private:
  struct Acceptor {
    Acceptor(boost::asio::io_context& io, bool is_secure)
        : socket(io), pause(io), secure(is_secure) {}
    tcp::acceptor socket;
    boost::asio::steady_timer pause;
    bool secure;
  };

  Result<void> Listen(const Listener& listener);
  void Accept(Acceptor& acceptor);
  void Accepted(Acceptor& acceptor, ServerThread& thread, tcp::socket socket);
  void TurnAway(const tcp::endpoint& remote, bool source_is_full);
  ServerThread& LeastLoaded();
  void StopAccepting();
  void Log(LogLevel level, const std::string& text) const {
    if (options_.log) options_.log(level, text);
  }

  const ServerOptions options_;
  const bindings::CertificateParty certificates_;
  bindings::RequestHandler& handler_;
  std::vector<std::uint16_t> ports_;
  bindings::SessionBounds bounds_;
  bindings::Counter refused_by_source_bound_;
  bindings::Counter refused_by_total_bound_;
  std::chrono::steady_clock::time_point next_word_{};  // on those that are turned away
  std::vector<std::unique_ptr<ServerThread>> threads_;
  std::vector<std::unique_ptr<Acceptor>> acceptors_;  // the first thread's, once it runs
};

Result<void> HttpServer::Start() {
  const std::size_t count = bindings::CountServerThreads(options_.threads);
  for (std::size_t i = 0; i < count; ++i) {
    threads_.push_back(std::make_unique<ServerThread>(
        ServerThread::Common{options_, certificates_, handler_}, bindings::ServerPart{i, count}));
  }
  bool secure = false;
  for (const Listener& listener : options_.listeners) {
    secure = secure || listener.secure;
    if (const auto listening = Listen(listener); !listening) return listening;
  }
  if (acceptors_.empty()) return Error::kBadRequest;
  for (const auto& thread : threads_) {
    if (!secure) break;
    if (const auto opened = thread->OpenKeys(); !opened) return opened;
  }
  for (const auto& acceptor : acceptors_) Accept(*acceptor);
  for (const auto& thread : threads_) {
    if (const auto started = thread->Start(); !started) return started;
  }
  return {};
}

Result<void> HttpServer::Listen(const Listener& listener) {
  error_code error;
  const auto address = boost::asio::ip::make_address(listener.address, error);
  if (error) return Error::kListen;
  const tcp::endpoint endpoint(address, listener.port);
  auto acceptor = std::make_unique<Acceptor>(threads_.front()->io(), listener.secure);
  acceptor->socket.open(endpoint.protocol(), error);
  if (!error) acceptor->socket.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor->socket.bind(endpoint, error);
  if (!error) acceptor->socket.listen(boost::asio::socket_base::max_listen_connections, error);
  if (error) {
    Log(LogLevel::kError, "can't listen on " + Text(endpoint) + ": " + error.message());
    return Error::kListen;
  }
  ports_.push_back(acceptor->socket.local_endpoint(error).port());
  acceptors_.push_back(std::move(acceptor));
  return {};
}

void HttpServer::Accept(Acceptor& acceptor) {
  ServerThread& thread = LeastLoaded();
  acceptor.socket.async_accept(thread.io(),
                               [this, &acceptor, &thread](error_code error, tcp::socket socket) {
                                 if (!acceptor.socket.is_open()) return;
                                 if (!error) {
                                   Accepted(acceptor, thread, std::move(socket));
                                   return Accept(acceptor);
                                 }
                                 Log(LogLevel::kWarning, "can't accept: " + error.message());
                                 acceptor.pause.expires_after(kAcceptPause);
                                 acceptor.pause.async_wait([this, &acceptor](error_code) {
                                   if (acceptor.socket.is_open()) Accept(acceptor);
                                 });
                               });
}

void HttpServer::Accepted(Acceptor& acceptor, ServerThread& thread, tcp::socket socket) {
  error_code error;
  const tcp::endpoint remote = socket.remote_endpoint(error);
  if (error) return;
  bindings::SessionBounds::Place place;
  const auto answer = bounds_.Take(bindings::Source::Of(remote.data()), acceptor.secure, place);
  if (answer != bindings::SessionBounds::Answer::kTaken) {
    return TurnAway(remote, answer == bindings::SessionBounds::Answer::kSourceIsFull);
  }
  thread.Take(std::move(socket), acceptor.secure, Text(remote), std::move(place));
}

// Says so once a second at most.
void HttpServer::TurnAway(const tcp::endpoint& remote, bool source_is_full) {
  (source_is_full ? refused_by_source_bound_ : refused_by_total_bound_).Add();
  const auto now = std::chrono::steady_clock::now();
  if (now < next_word_) return;
  next_word_ = now + kWordPause;
  Log(LogLevel::kWarning,
      (source_is_full ? "too many sessions of its source: " : "too many sessions: ") +
          Text(remote) + " is turned away");
}

ServerThread& HttpServer::LeastLoaded() {
  const auto least =
      std::min_element(threads_.begin(), threads_.end(),
                       [](const auto& a, const auto& b) { return a->load() < b->load(); });
  return **least;
}

void HttpServer::StopAccepting() {
  for (const auto& acceptor : acceptors_) {
    error_code ignored;
    acceptor->socket.close(ignored);
    acceptor->pause.cancel();
  }
}

}  // namespace

Result<std::unique_ptr<bindings::Server>> StartServer(ServerOptions options,
                                                      bindings::RequestHandler& handler) {
  auto certificates = bindings::MakeServerParty(options, kAllSuites);
  if (!certificates) return certificates.error();
  auto server = std::make_unique<HttpServer>(std::move(options), std::move(*certificates), handler);
  if (const auto started = server->Start(); !started) return started.error();
  return std::unique_ptr<bindings::Server>(std::move(server));
}

}  // namespace saef::http
