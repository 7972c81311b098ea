// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/http/client.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/address.hpp>
#include <deque>
#include <thread>

#include "bindings/http/buffered_tls.h"
#include "bindings/http/client_line.h"
#include "bindings/http/exchange.h"
#include "bindings/http/mailbox.h"
#include "bindings/http/request_codec.h"
#include "bindings/http/serialize.h"

namespace saef::http {
namespace {

using bindings::ClientOptions;
using bindings::Error;
using bindings::LogLevel;
using bindings::Result;
using boost::system::error_code;

constexpr std::chrono::seconds kPatience{10};
// After a connection beyond the first couldn't be opened, the next try at it.
constexpr std::chrono::seconds kMoreLinesPause{10};

bool IsAddress(const std::string& host) {
  error_code error;
  boost::asio::ip::make_address(host, error);
  return !error;
}

class HttpClient final : public bindings::Client, public ClientLine::Owner {
 public:
  explicit HttpClient(ClientOptions options)
      : options_(std::move(options)),
        mailbox_(std::make_shared<Mailbox>(io_)),
        work_(boost::asio::make_work_guard(io_)) {}

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
    mailbox_->Post([this] { EndLines(); });
  }
  std::uint64_t sessions_established() const override { return sessions_.load(); }

 private:
  using Waiter = Promise<void>;
  using Lines = std::vector<std::unique_ptr<ClientLine>>;

  void Enqueue(ExchangePtr exchange, std::chrono::milliseconds timeout);
  void Expired(const ExchangePtr& exchange);
  void Next();
  void NextSoon() {
    boost::asio::post(io_, [this] { Next(); });
  }
  void OpenLines(std::size_t wanted);
  void EndLines();
  void Stop();
  std::size_t Count(bool (ClientLine::*is)() const) const {
    return static_cast<std::size_t>(std::count_if(
        lines_.begin(), lines_.end(), [is](const auto& line) { return (*line.*is)(); }));
  }

  // ClientLine::Owner
  void Opened() override;
  void OpenFailed(Error error, const std::string& why) override;
  void Answered(ClientLine& line, const ExchangePtr& exchange,
                Result<HttpResponse> response) override;
  void Lost(const ExchangePtr& exchange, bool may_repeat) override;

  static Result<onem2m::ResponsePrimitive> Decode(Result<HttpResponse> response,
                                                  const Exchange& exchange);
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
  std::array<std::uint8_t, kScratchSize> scratch_{};
  const ClientLine::Common common_{io_, options_, party_, context_, server_name_, scratch_};
  Lines lines_;                  // as many as there may be connections
  std::vector<Waiter> waiters_;  // of Connect
  std::deque<ExchangePtr> queue_;
  std::chrono::steady_clock::time_point more_lines_from_{};  // beyond those that are open
  bool stopping_ = false;
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
  const std::size_t lines = std::max<std::size_t>(options_.max_connections, 1);
  for (std::size_t i = 0; i < lines; ++i) {
    lines_.push_back(std::make_unique<ClientLine>(common_, *this));
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
    if (Count(&ClientLine::open) > 0) return waiter.Give(Result<void>());
    waiters_.push_back(std::move(waiter));
    OpenLines(1);
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
    if (!good) return exchange->Finish(Error::kBadRequest);
    Enqueue(std::move(exchange), timeout);
  });
}

Result<onem2m::Secret> HttpClient::ExportKeyingMaterial(std::string_view label,
                                                        std::size_t length) {
  return mailbox_->Ask<onem2m::Secret>(
      kPatience, [this, label = std::string(label), length]() -> Result<onem2m::Secret> {
        for (const auto& line : lines_) {
          if (TlsEngine* const tls = line->tls()) return tls->ExportKeyingMaterial(label, length);
        }
        return Error::kNotEstablished;
      });
}

// ---- Requests

void HttpClient::Enqueue(ExchangePtr exchange, std::chrono::milliseconds timeout) {
  if (stopping_) return exchange->Finish(Error::kClosed);
  if (queue_.size() >= options_.max_queued) return exchange->Finish(Error::kLimit);
  exchange->timer.expires_after(timeout);
  exchange->timer.async_wait([this, weak = std::weak_ptr<Exchange>(exchange)](error_code error) {
    const auto expired = weak.lock();
    if (!error && expired && expired->done) Expired(expired);
  });
  queue_.push_back(std::move(exchange));
  Next();
}

void HttpClient::Expired(const ExchangePtr& exchange) {
  if (std::any_of(lines_.begin(), lines_.end(),
                  [&exchange](const auto& line) { return line->GiveUp(exchange); })) {
    exchange->Finish(Error::kTimeout);
    return Next();
  }
  if (const auto place = std::find(queue_.begin(), queue_.end(), exchange); place != queue_.end()) {
    queue_.erase(place);
  }
  const bool is_reached = Count(&ClientLine::open) > 0 || Count(&ClientLine::connecting) == 0;
  exchange->Finish(is_reached ? Error::kTimeout : Error::kUnreachable);
}

// Gives what waits to the lines that are idle, and opens more of them for the rest.
void HttpClient::Next() {
  if (stopping_) return;
  for (const auto& line : lines_) {
    if (queue_.empty()) return;
    if (!line->idle()) continue;
    ExchangePtr exchange = std::move(queue_.front());
    queue_.pop_front();
    line->Carry(std::move(exchange));
  }
  if (!queue_.empty()) OpenLines(queue_.size());
}

void HttpClient::Answered(ClientLine& line, const ExchangePtr& exchange,
                          Result<HttpResponse> response) {
  Result<onem2m::ResponsePrimitive> decoded = Decode(std::move(response), *exchange);
  if (!decoded) line.Close();
  exchange->Finish(std::move(decoded));
  NextSoon();
}

void HttpClient::Lost(const ExchangePtr& exchange, bool may_repeat) {
  if (exchange && may_repeat && !exchange->repeated && !stopping_) {
    exchange->repeated = true;
    queue_.push_front(exchange);
  } else if (exchange) {
    exchange->Finish(Error::kClosed);
  }
  if (!queue_.empty()) NextSoon();
}

void HttpClient::Stop() {
  stopping_ = true;
  EndLines();
  waiters_.clear();
  const auto queue = std::exchange(queue_, {});
  for (const auto& exchange : queue) exchange->Finish(Error::kClosed);
  work_.reset();
}

// ---- Connections

// The first one alone: a server that isn't there, or doesn't take our credential, is asked once.
void HttpClient::OpenLines(std::size_t wanted) {
  if (stopping_) return;
  std::size_t may_connect = 1;
  if (Count(&ClientLine::open) > 0) {
    if (std::chrono::steady_clock::now() < more_lines_from_) return;
    may_connect = wanted;
  }
  std::size_t connecting = Count(&ClientLine::connecting);
  for (const auto& line : lines_) {
    if (connecting >= may_connect) return;
    if (!line->unused()) continue;
    ++connecting;
    line->Connect();
  }
}

void HttpClient::Opened() {
  ++sessions_;
  auto waiters = std::exchange(waiters_, {});
  for (Waiter& waiter : waiters) waiter.Give(Result<void>());
  // Not from within the handshake.
  NextSoon();
}

void HttpClient::OpenFailed(Error error, const std::string& why) {
  Log(LogLevel::kWarning, make_error_code(error).message() + ": " + why);
  // A server may have room for fewer than we would open.
  more_lines_from_ = std::chrono::steady_clock::now() + kMoreLinesPause;
  if (Count(&ClientLine::open) + Count(&ClientLine::connecting) > 0) return;
  auto waiters = std::exchange(waiters_, {});
  for (Waiter& waiter : waiters) waiter.Give(error);
  // All of these have waited for this session.
  const auto queue = std::exchange(queue_, {});
  for (const auto& exchange : queue) exchange->Finish(error);
}

void HttpClient::EndLines() {
  for (const auto& line : lines_) line->End();
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
