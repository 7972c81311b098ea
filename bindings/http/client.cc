// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/http/client.h"

#include <algorithm>
#include <array>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <thread>

#include "bindings/http/buffered_tls.h"
#include "bindings/http/client_connection.h"
#include "bindings/http/mailbox.h"
#include "bindings/http/request_codec.h"
#include "bindings/http/serialize.h"

namespace saef::http {
namespace {

using bindings::ClientOptions;
using bindings::Error;
using bindings::LogLevel;
using bindings::Result;
using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::seconds kPatience{10};

// One request on its way. Its bytes may hold a key.
struct Exchange {
  Exchange(boost::asio::io_context& io, std::string request_bytes, std::string identifier,
           bindings::Client::Done callback)
      : bytes(std::move(request_bytes)),
        request_identifier(std::move(identifier)),
        done(std::move(callback)),
        timer(io) {}
  ~Exchange() { onem2m::Wipe(bytes); }

  std::string bytes;
  std::string request_identifier;
  bindings::Client::Done done;
  boost::asio::steady_timer timer;
};

bool IsAddress(const std::string& host) {
  error_code error;
  boost::asio::ip::make_address(host, error);
  return !error;
}

class HttpClient final : public bindings::Client, public ClientConnection::Owner {
 public:
  explicit HttpClient(ClientOptions options)
      : options_(std::move(options)),
        mailbox_(std::make_shared<Mailbox>(io_)),
        work_(boost::asio::make_work_guard(io_)),
        resolver_(io_),
        connecting_socket_(io_),
        connect_timer_(io_) {}

  // Without memory for a word to its own thread there is no way to end it.
  // NOLINTNEXTLINE(bugprone-exception-escape)
  ~HttpClient() override {
    if (thread_.joinable()) {
      mailbox_->Post([this] { Stop(); });
      thread_.join();
    }
    mailbox_->Close();
  }

  Result<void> Open();

  Result<void> Connect() override;
  void Send(onem2m::RequestPrimitive request, std::chrono::milliseconds timeout,
            Done done) override;
  Result<onem2m::Secret> ExportKeyingMaterial(std::string_view label, std::size_t length) override;
  void Disconnect() override {
    mailbox_->Post([this] { EndConnection(); });
  }
  std::uint64_t sessions_established() const override { return sessions_.load(); }

 private:
  using Waiter = Promise<void>;

  void Enqueue(std::shared_ptr<Exchange> exchange, std::chrono::milliseconds timeout);
  void Expired(const std::shared_ptr<Exchange>& exchange);
  void Next();
  void Stop();
  static void Finish(Exchange& exchange, Result<onem2m::ResponsePrimitive> result);

  bool Usable() const {
    return connection_ && connection_->established() && !connection_->ending();
  }
  void StartConnecting();
  void TryEndpoints(std::vector<tcp::endpoint> endpoints, std::size_t index, std::uint64_t attempt);
  void Connected();
  void FailConnecting(Error error, const std::string& why);
  void LoseConnection(bool may_repeat);
  void EndConnection();

  // ClientConnection::Owner
  void Established() override;
  void HandshakeFailed(Error error, const std::string& why) override { FailConnecting(error, why); }
  void Answered(Result<HttpResponse> response, bool kept) override;
  void Closed(ClientConnection& connection, bool answer_begun) override;

  Result<onem2m::ResponsePrimitive> Decode(Result<HttpResponse> response, const Exchange& exchange);
  void Log(LogLevel level, const std::string& text) {
    if (options_.log) options_.log(level, options_.uri.text() + ": " + text);
  }

  ClientOptions options_;
  bindings::CertificateParty party_;
  boost::asio::io_context io_{1};
  const std::shared_ptr<Mailbox> mailbox_;
  std::atomic<std::uint64_t> sessions_{0};
  std::thread thread_;

  // Of the thread's only, once it runs.
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  TlsContext context_;
  std::string server_name_;
  tcp::resolver resolver_;
  tcp::socket connecting_socket_;
  boost::asio::steady_timer connect_timer_;
  std::uint64_t attempt_ = 0;  // of connecting; a handler of an earlier one is late
  bool connecting_ = false;
  std::shared_ptr<ClientConnection> connection_;
  std::vector<Waiter> waiters_;  // of Connect
  std::deque<std::shared_ptr<Exchange>> queue_;
  std::shared_ptr<Exchange> active_;
  bool stopping_ = false;
  std::array<std::uint8_t, kScratchSize> scratch_{};
};

Result<void> HttpClient::Open() {
  if (options_.uri.coap() || options_.uri.host.empty()) return Error::kBadUri;
  if (options_.uri.secure()) {
    auto party = bindings::MakeClientParty(options_.credential, options_.trust, kCertificateSuites,
                                           options_.log);
    if (!party) return party.error();
    party_ = std::move(*party);
    Result<TlsContext> context = MakeClientContext();
    if (!context) return context.error();
    context_ = std::move(*context);
    // RFC 6066 3: no literal addresses in SNI.
    server_name_ = options_.server_name;
    if (server_name_.empty() && !IsAddress(options_.uri.host)) server_name_ = options_.uri.host;
    // What TLS can't carry is told now.
    const auto trial =
        BufferedTls::OpenClient(context_.get(), options_.credential, party_, server_name_);
    if (!trial) return trial.error();
  }
  thread_ = std::thread([this] { io_.run(); });
  return {};
}

Result<void> HttpClient::Connect() {
  // From a callback it would wait for itself.
  if (mailbox_->OnThread()) return Error::kBadRequest;
  Waiter waiter;
  const auto wait = waiter.Waiter();
  mailbox_->Post([this, waiter = std::move(waiter)]() mutable {
    if (stopping_) return;
    if (Usable()) return waiter.Give(Result<void>());
    waiters_.push_back(std::move(waiter));
    StartConnecting();
  });
  return wait(options_.handshake_timeout + kPatience);
}

void HttpClient::Send(onem2m::RequestPrimitive request, std::chrono::milliseconds timeout,
                      Done done) {
  std::string identifier = request.request_identifier;
  std::string host = options_.uri.host;
  if (host.find(':') != std::string::npos) host = "[" + host + "]";
  host += ":" + std::to_string(options_.uri.port);
  Result<HttpRequest> message = EncodeRequest(std::move(request), host);
  std::string bytes;
  if (message) {
    bytes = Serialize(*message);
    onem2m::Wipe(message->body());
  }
  const bool good = message.has_value();
  auto exchange =
      std::make_shared<Exchange>(io_, std::move(bytes), std::move(identifier), std::move(done));
  mailbox_->Post([this, good, timeout, exchange = std::move(exchange)]() mutable {
    if (!good) return Finish(*exchange, Error::kBadRequest);
    Enqueue(std::move(exchange), timeout);
  });
}

Result<onem2m::Secret> HttpClient::ExportKeyingMaterial(std::string_view label,
                                                        std::size_t length) {
  return mailbox_->Ask<onem2m::Secret>(
      kPatience, [this, label = std::string(label), length]() -> Result<onem2m::Secret> {
        if (!connection_ || connection_->closed() || connection_->tls() == nullptr) {
          return Error::kNotEstablished;
        }
        return connection_->tls()->ExportKeyingMaterial(label, length);
      });
}

void HttpClient::Finish(Exchange& exchange, Result<onem2m::ResponsePrimitive> result) {
  exchange.timer.cancel();
  const Done done = std::exchange(exchange.done, nullptr);
  if (done) done(std::move(result));
}

void HttpClient::Enqueue(std::shared_ptr<Exchange> exchange, std::chrono::milliseconds timeout) {
  if (stopping_) return Finish(*exchange, Error::kClosed);
  if (queue_.size() >= options_.max_queued) return Finish(*exchange, Error::kLimit);
  exchange->timer.expires_after(timeout);
  exchange->timer.async_wait([this, weak = std::weak_ptr<Exchange>(exchange)](error_code error) {
    const auto expired = weak.lock();
    if (!error && expired && expired->done) Expired(expired);
  });
  queue_.push_back(std::move(exchange));
  Next();
}

void HttpClient::Expired(const std::shared_ptr<Exchange>& exchange) {
  if (exchange == active_) {
    active_.reset();
    // Its answer, when it comes, would be taken for the next request's.
    if (const auto connection = std::move(connection_)) connection->Close();
    Finish(*exchange, Error::kTimeout);
    return Next();
  }
  std::erase(queue_, exchange);
  Finish(*exchange, connecting_ ? Error::kUnreachable : Error::kTimeout);
}

void HttpClient::Next() {
  if (active_ || queue_.empty() || stopping_) return;
  if (!Usable()) return StartConnecting();
  active_ = std::move(queue_.front());
  queue_.pop_front();
  connection_->Request(active_->bytes);
}

void HttpClient::Stop() {
  stopping_ = true;
  resolver_.cancel();
  EndConnection();
  waiters_.clear();
  const auto queue = std::exchange(queue_, {});
  for (const auto& exchange : queue) Finish(*exchange, Error::kClosed);
  work_.reset();
}

void HttpClient::StartConnecting() {
  if (connecting_ || stopping_) return;
  connecting_ = true;
  const std::uint64_t attempt = ++attempt_;
  connect_timer_.expires_after(options_.handshake_timeout);
  connect_timer_.async_wait([this, attempt](error_code error) {
    if (error || attempt != attempt_ || !connecting_) return;
    FailConnecting(Error::kUnreachable, "silence");
  });
  error_code error;
  const auto address = boost::asio::ip::make_address(options_.uri.host, error);
  if (!error) return TryEndpoints({{address, options_.uri.port}}, 0, attempt);
  resolver_.async_resolve(
      options_.uri.host, std::to_string(options_.uri.port), tcp::resolver::numeric_service,
      [this, attempt](error_code failed, const tcp::resolver::results_type& results) {
        if (attempt != attempt_ || !connecting_) return;
        if (failed) return FailConnecting(Error::kUnreachable, failed.message());
        std::vector<tcp::endpoint> endpoints;
        for (const auto& result : results) endpoints.push_back(result.endpoint());
        TryEndpoints(std::move(endpoints), 0, attempt);
      });
}

void HttpClient::TryEndpoints(std::vector<tcp::endpoint> endpoints, std::size_t index,
                              std::uint64_t attempt) {
  if (index >= endpoints.size()) return FailConnecting(Error::kUnreachable, "no address");
  error_code ignored;
  connecting_socket_.close(ignored);
  const tcp::endpoint endpoint = endpoints[index];
  connecting_socket_.async_connect(
      endpoint, [this, endpoints = std::move(endpoints), index, attempt](error_code error) mutable {
        if (attempt != attempt_ || !connecting_) return;
        if (!error) return Connected();
        if (index + 1 < endpoints.size()) {
          return TryEndpoints(std::move(endpoints), index + 1, attempt);
        }
        FailConnecting(Error::kUnreachable, error.message());
      });
}

void HttpClient::Connected() {
  std::unique_ptr<TlsEngine> tls;
  if (options_.uri.secure()) {
    auto opened =
        BufferedTls::OpenClient(context_.get(), options_.credential, party_, server_name_);
    if (!opened) return FailConnecting(Error::kLibrary, "no TLS session");
    tls = std::move(*opened);
  }
  connection_ = std::make_shared<ClientConnection>(std::move(connecting_socket_), std::move(tls),
                                                   scratch_, *this, options_.max_content_length);
  connecting_socket_ = tcp::socket(io_);
  const auto connection = connection_;
  connection->Start();
}

void HttpClient::Established() {
  connecting_ = false;
  connect_timer_.cancel();
  ++sessions_;
  auto waiters = std::exchange(waiters_, {});
  for (Waiter& waiter : waiters) waiter.Give(Result<void>());
  // Not from within the handshake.
  boost::asio::post(io_, [this] { Next(); });
}

void HttpClient::FailConnecting(Error error, const std::string& why) {
  if (!connecting_) return;
  Log(LogLevel::kWarning, make_error_code(error).message() + ": " + why);
  connecting_ = false;
  ++attempt_;
  connect_timer_.cancel();
  error_code ignored;
  connecting_socket_.close(ignored);
  const auto connection = std::move(connection_);
  // After a failed handshake our alert still goes out.
  if (connection && (error == Error::kUnreachable || error == Error::kClosed)) connection->Close();
  auto waiters = std::exchange(waiters_, {});
  for (Waiter& waiter : waiters) waiter.Give(error);
  // All of these have waited for this session.
  const auto queue = std::exchange(queue_, {});
  for (const auto& exchange : queue) Finish(*exchange, error);
}

// The connection is of no more use. What was under way on it is repeated or fails.
void HttpClient::LoseConnection(bool may_repeat) {
  if (connecting_) return;
  connection_.reset();
  if (const auto exchange = std::move(active_)) {
    if (may_repeat) {
      queue_.push_front(exchange);
    } else {
      Finish(*exchange, Error::kClosed);
    }
  }
  if (!queue_.empty()) boost::asio::post(io_, [this] { Next(); });
}

void HttpClient::EndConnection() {
  FailConnecting(Error::kClosed, "disconnected");
  const auto connection = std::move(connection_);
  LoseConnection(/*may_repeat=*/false);
  if (connection) connection->End(/*linger=*/false);
}

void HttpClient::Closed(ClientConnection& connection, bool answer_begun) {
  if (connection_.get() != &connection) return;
  if (connecting_) return FailConnecting(Error::kHandshake, "the peer ended the connection");
  // A kept connection that the server gave up while the request was on its way (RFC 9112 9.3.1).
  // On the fresh connection that follows nothing has been answered, so it isn't repeated again.
  LoseConnection(/*may_repeat=*/connection.answers() > 0 && !answer_begun);
}

void HttpClient::Answered(Result<HttpResponse> response, bool kept) {
  // Without it in connection_, its end is nobody's concern.
  if (!kept) connection_.reset();
  if (!active_) return;
  const auto exchange = std::move(active_);
  Result<onem2m::ResponsePrimitive> decoded = Decode(std::move(response), *exchange);
  if (const auto connection = decoded ? nullptr : std::move(connection_)) connection->Close();
  Finish(*exchange, std::move(decoded));
  boost::asio::post(io_, [this] { Next(); });
}

Result<onem2m::ResponsePrimitive> HttpClient::Decode(Result<HttpResponse> response,
                                                     const Exchange& exchange) {
  if (!response) return response.error();
  Result<onem2m::ResponsePrimitive> decoded = DecodeResponse(std::move(*response));
  if (!decoded) return decoded.error();
  // A plain server names no request (response_codec.h); one that names another answers another.
  if (decoded->request_identifier.empty()) {
    decoded->request_identifier = exchange.request_identifier;
  }
  if (decoded->request_identifier != exchange.request_identifier) return Error::kBadResponse;
  return decoded;
}

}  // namespace

Result<std::unique_ptr<bindings::Client>> OpenClient(ClientOptions options) {
  auto client = std::make_unique<HttpClient>(std::move(options));
  if (const auto opened = client->Open(); !opened) return opened.error();
  return std::unique_ptr<bindings::Client>(std::move(client));
}

}  // namespace saef::http
