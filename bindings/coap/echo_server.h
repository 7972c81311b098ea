// SPDX-License-Identifier: GPL-3.0-or-later
//
// For tests: a handler that answers with what it was asked, and a server and client around it.
#ifndef SAEF_BINDINGS_COAP_ECHO_SERVER_H_
#define SAEF_BINDINGS_COAP_ECHO_SERVER_H_

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bindings/coap/client.h"
#include "bindings/coap/server.h"
#include "onem2m/thread_annotations.h"

namespace saef::coap::test {

using namespace std::chrono_literals;

inline constexpr auto kLong = 20s;

inline onem2m::Secret Key(const std::string& text) {
  return *onem2m::Secret::Copy({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

class EchoHandler final : public bindings::RequestHandler {
 public:
  using Function = std::function<void(const onem2m::RequestPrimitive&,
                                      std::shared_ptr<bindings::Session>, bindings::Respond)>;

  void Handle(onem2m::RequestPrimitive request, std::shared_ptr<bindings::Session> session,
              bindings::Respond respond) override {
    Function function;
    {
      const MutexLock lock(mutex_);
      requests_.push_back(request);
      session_ = session;
      function = function_;
    }
    if (function) {
      function(request, session, std::move(respond));
    } else {
      respond(Echo(request));
    }
  }

  static onem2m::ResponsePrimitive Echo(const onem2m::RequestPrimitive& request) {
    static constexpr onem2m::ResponseStatusCode kStatus[] = {
        onem2m::ResponseStatusCode::kInternalServerError,
        onem2m::ResponseStatusCode::kCreated,
        onem2m::ResponseStatusCode::kOk,
        onem2m::ResponseStatusCode::kUpdated,
        onem2m::ResponseStatusCode::kDeleted,
        onem2m::ResponseStatusCode::kOk};
    auto response =
        onem2m::RespondTo(request, kStatus[static_cast<std::size_t>(request.operation)]);
    response.content = request.content;
    response.content_format = request.content_format;
    if (request.operation == onem2m::Operation::kCreate) response.location = request.to + "/new";
    return response;
  }

  void Set(Function function) {
    const MutexLock lock(mutex_);
    function_ = std::move(function);
  }
  std::vector<onem2m::RequestPrimitive> requests() {
    const MutexLock lock(mutex_);
    return requests_;
  }
  std::shared_ptr<bindings::Session> session() {
    const MutexLock lock(mutex_);
    return session_;
  }

 private:
  Mutex mutex_;
  Function function_ SAEF_GUARDED_BY(mutex_);
  std::vector<onem2m::RequestPrimitive> requests_ SAEF_GUARDED_BY(mutex_);
  std::shared_ptr<bindings::Session> session_ SAEF_GUARDED_BY(mutex_);
};

// A plain and a DTLS listener; alice's key is "alice's key 0123".
struct EchoServer {
  explicit EchoServer(std::function<void(bindings::ServerOptions&)> change = nullptr) {
    bindings::ServerOptions options;
    options.listeners = {{"127.0.0.1", 0, false}, {"127.0.0.1", 0, true}};
    options.keys =
        bindings::PskTable([](std::string_view identity) -> onem2m::Result<onem2m::Secret> {
          if (identity == "alice") return Key("alice's key 0123");
          return onem2m::Error::kEmpty;
        });
    if (change) change(options);
    auto started = StartServer(std::move(options), handler);
    if (started) server = std::move(*started);
  }

  bindings::ClientOptions Options(bool secure = true, std::string key = "alice's key 0123",
                                  std::string identity = "alice") const {
    bindings::ClientOptions options;
    options.uri.scheme = secure ? bindings::Scheme::kCoaps : bindings::Scheme::kCoap;
    options.uri.host = "127.0.0.1";
    options.uri.port = server->ports()[secure ? 1 : 0];
    if (secure) options.credential = bindings::PskCredential{std::move(identity), Key(key)};
    return options;
  }

  std::unique_ptr<bindings::Client> Open(bindings::ClientOptions options) const {
    return *OpenClient(std::move(options));
  }
  std::unique_ptr<bindings::Client> Open(bool secure = true) const { return Open(Options(secure)); }

  EchoHandler handler;
  std::unique_ptr<bindings::Server> server;
};

inline onem2m::RequestPrimitive Request(onem2m::Operation operation, std::string to = "cse/x",
                                        std::string content = {}) {
  onem2m::RequestPrimitive request;
  request.operation = operation;
  request.to = std::move(to);
  request.from = "CAdmin";
  request.request_identifier = "r1";
  request.release_version = "3";
  request.content = std::move(content);
  if (operation == onem2m::Operation::kCreate) request.resource_type = 2;
  return request;
}

// Waits until `condition` holds; false after `kLong`.
template <typename Condition>
bool Eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + kLong;
  Mutex mutex;
  CondVar never;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    const MutexLock lock(mutex);
    never.WaitUntil(mutex, std::chrono::steady_clock::now() + 5ms);
  }
  return true;
}

}  // namespace saef::coap::test

#endif  // SAEF_BINDINGS_COAP_ECHO_SERVER_H_
