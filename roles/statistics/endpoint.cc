// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/statistics/endpoint.h"

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <exception>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "roles/statistics/exposition.h"
#include "roles/statistics/process_families.h"

namespace saef::statistics {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

using Response = http::response<http::string_body>;

// When there are no descriptors left, the next try to accept.
constexpr std::chrono::milliseconds kAcceptPause{200};

Response Refuse(http::status status, std::string text) {
  Response response(status, 11);
  response.set(http::field::content_type, "text/plain; charset=utf-8");
  response.body() = std::move(text) + "\n";
  return response;
}

Response Answer(const http::request<http::empty_body>& request, const Endpoint::Source& source) {
  const bool is_text = request.target() == "/metrics";
  if (!is_text && request.target() != "/statistics.json") {
    return Refuse(http::status::not_found, "here are /metrics and /statistics.json");
  }
  if (request.method() != http::verb::get) {
    Response response = Refuse(http::status::method_not_allowed, "GET only");
    response.set(http::field::allow, "GET");
    return response;
  }
  Families families = source();
  Append(families, ProcessFamilies());
  Response response(http::status::ok, 11);
  response.set(http::field::content_type, is_text ? kTextType : "application/json");
  response.set(http::field::cache_control, "no-store");
  response.body() = is_text ? ToText(families) : ToJson(families);
  return response;
}

// Nobody is there to be answered, or waited too long with the rest of the request.
bool IsGone(const error_code& error) {
  return error == http::error::end_of_stream || error == beast::error::timeout ||
         (error && error.category() == boost::system::system_category());
}

Response AnswerFault(const error_code& error) {
  const bool is_long = error == http::error::header_limit || error == http::error::buffer_overflow;
  return is_long ? Refuse(http::status::request_header_fields_too_large, "too long a request")
                 : Refuse(http::status::bad_request, "no request of HTTP/1.1");
}

}  // namespace

// One request and its answer.
class EndpointConnection : public std::enable_shared_from_this<EndpointConnection> {
 public:
  using Ended = std::function<void(const std::shared_ptr<EndpointConnection>&)>;

  EndpointConnection(tcp::socket socket, const Endpoint::Source& source, const bindings::Log& log,
                     Ended ended)
      : stream_(std::move(socket)), source_(source), log_(log), ended_(std::move(ended)) {
    parser_.header_limit(Endpoint::kMaxRequest);
    parser_.body_limit(boost::none);  // none is read
  }

  void Run() {
    // Once: it is for all of the exchange.
    stream_.expires_after(Endpoint::kMaxTime);
    http::async_read_header(
        stream_, buffer_, parser_,
        [self = shared_from_this()](const error_code& error, std::size_t) { self->OnRead(error); });
  }
  void Close() {
    error_code ignored;
    stream_.socket().close(ignored);
  }

 private:
  void OnRead(const error_code& error) {
    if (IsGone(error)) {
      ended_(shared_from_this());
      return;
    }
    try {
      response_ = error ? AnswerFault(error) : Answer(parser_.get(), source_);
    } catch (const std::exception& fault) {
      log_(bindings::LogLevel::kError,
           std::string("the statistics can't be told: ") + fault.what());
      response_ = Refuse(http::status::internal_server_error, "see the log");
    }
    response_.keep_alive(false);
    response_.prepare_payload();
    http::async_write(stream_, response_,
                      [self = shared_from_this()](const error_code& failed, std::size_t) {
                        if (failed) {
                          self->ended_(self);
                          return;
                        }
                        error_code ignored;
                        self->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
                        self->Drain();
                      });
  }

  // What the client still sends is taken and thrown away until it closes or the time is over: a
  // reset would take the answer back.
  void Drain() {
    stream_.async_read_some(asio::buffer(rest_),
                            [self = shared_from_this()](const error_code& error, std::size_t) {
                              if (error) {
                                self->ended_(self);
                              } else {
                                self->Drain();
                              }
                            });
  }

  beast::tcp_stream stream_;
  const Endpoint::Source& source_;
  const bindings::Log& log_;
  const Ended ended_;
  beast::flat_buffer buffer_{2 * Endpoint::kMaxRequest};
  http::request_parser<http::empty_body> parser_;
  Response response_;
  std::array<char, 1024> rest_{};
};

class Endpoint::Impl {
 public:
  Impl(Source source, bindings::Log log)
      : source_(std::move(source)), log_(std::move(log)), acceptor_(io_), pause_(io_) {}
  // Without memory for a word to its own thread there is no way to end it.
  // NOLINTNEXTLINE(bugprone-exception-escape)
  ~Impl() {
    asio::post(io_, [this] { Stop(); });
    if (thread_.joinable()) thread_.join();
  }

  std::optional<std::string> Start(const EndpointOptions& options);
  const std::string& uri() const { return uri_; }
  std::uint16_t port() const { return port_; }

 private:
  void Run();
  void Accept();
  void OnAccepted(const error_code& error, tcp::socket socket);
  void Stop();

  const Source source_;
  const bindings::Log log_;
  asio::io_context io_{1};
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  std::set<std::shared_ptr<EndpointConnection>> connections_;
  bool stopped_ = false;
  std::string uri_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

std::optional<std::string> Endpoint::Impl::Start(const EndpointOptions& options) {
  error_code error;
  const asio::ip::address address = asio::ip::make_address(options.address, error);
  if (error || !address.is_loopback()) {
    return "the statistics are told on loopback only: 127.0.0.1 or ::1";
  }
  const tcp::endpoint endpoint(address, options.port);
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(static_cast<int>(kMaxConnections), error);
  if (error) {
    return "can't tell statistics at " + options.address + " port " + std::to_string(options.port) +
           ": " + error.message() + "; choose another port in /statistics, or 0 for any free one";
  }
  port_ = acceptor_.local_endpoint(error).port();
  const std::string host = address.is_v6() ? "[" + options.address + "]" : options.address;
  uri_ = "http://" + host + ":" + std::to_string(port_) + "/metrics";
  log_(bindings::LogLevel::kInfo, "statistics at " + uri_);
  Accept();
  thread_ = std::thread([this] { Run(); });
  return std::nullopt;
}

void Endpoint::Impl::Run() {
  for (;;) {
    try {
      io_.run();
      return;
    } catch (const std::exception& fault) {
      // For want of memory; the connection that it happened in is lost, the others aren't.
      log_(bindings::LogLevel::kError, std::string("statistics: ") + fault.what());
    }
  }
}

void Endpoint::Impl::Accept() {
  acceptor_.async_accept([this](const error_code& error, tcp::socket socket) {
    if (!stopped_) OnAccepted(error, std::move(socket));
  });
}

void Endpoint::Impl::OnAccepted(const error_code& error, tcp::socket socket) {
  if (error) {
    pause_.expires_after(kAcceptPause);
    pause_.async_wait([this](const error_code& cancelled) {
      if (!cancelled && !stopped_) Accept();
    });
    return;
  }
  // One that is too many is closed unheard.
  if (connections_.size() < kMaxConnections) {
    const auto connection = std::make_shared<EndpointConnection>(
        std::move(socket), source_, log_,
        [this](const std::shared_ptr<EndpointConnection>& ended) { connections_.erase(ended); });
    connections_.insert(connection);
    connection->Run();
  }
  Accept();
}

void Endpoint::Impl::Stop() {
  stopped_ = true;
  error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
  for (const auto& connection : connections_) connection->Close();
}

Endpoint::Endpoint(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Endpoint::~Endpoint() = default;

std::variant<std::unique_ptr<Endpoint>, std::string> Endpoint::Start(const EndpointOptions& options,
                                                                     Source source,
                                                                     bindings::Log log) {
  if (!log) log = [](bindings::LogLevel, std::string_view) {};
  auto impl = std::make_unique<Impl>(std::move(source), std::move(log));
  if (auto error = impl->Start(options)) return std::move(*error);
  return std::unique_ptr<Endpoint>(new Endpoint(std::move(impl)));
}

const std::string& Endpoint::uri() const noexcept { return impl_->uri(); }
std::uint16_t Endpoint::port() const noexcept { return impl_->port(); }

}  // namespace saef::statistics
