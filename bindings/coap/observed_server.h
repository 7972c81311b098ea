// SPDX-License-Identifier: GPL-3.0-or-later
//
// For tests: a server with something to observe, and what an observer was told.
#ifndef SAEF_BINDINGS_COAP_OBSERVED_SERVER_H_
#define SAEF_BINDINGS_COAP_OBSERVED_SERVER_H_

#include <boost/test/unit_test.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bindings/coap/echo_server.h"

namespace saef::coap::test {

// A server with one resource that has a state; all under "cse" may be observed.
class ObservedServer {
 public:
  explicit ObservedServer(std::function<void(bindings::ServerOptions&)> change = nullptr)
      : echo_([&change](bindings::ServerOptions& options) {
          options.observable = [](std::string_view path) { return path.starts_with("cse"); };
          if (change) change(options);
        }) {
    BOOST_REQUIRE(echo_.server);
    echo_.handler.Set([this](const auto& request, auto session, auto respond) {
      const MutexLock lock(mutex_);
      if (on_request_) on_request_(*session);
      ++asked_;
      auto response = onem2m::RespondTo(request, status_);
      response.content = state_;
      if (held_) {
        held_responds_.push_back([respond, response] { respond(response); });
      } else {
        respond(response);
      }
    });
  }

  bindings::Server& server() { return *echo_.server; }
  const EchoServer& echo() const { return echo_; }
  std::shared_ptr<bindings::Session> session() { return echo_.handler.session(); }
  void Set(const std::string& state,
           onem2m::ResponseStatusCode status = onem2m::ResponseStatusCode::kOk) {
    const MutexLock lock(mutex_);
    state_ = state;
    status_ = status;
  }
  void Change(const std::string& state,
              onem2m::ResponseStatusCode status = onem2m::ResponseStatusCode::kOk) {
    Set(state, status);
    server().Changed("cse/x");
  }
  // Answers wait until they are let go.
  void Hold() {
    const MutexLock lock(mutex_);
    held_ = true;
  }
  std::size_t held() {
    const MutexLock lock(mutex_);
    return held_responds_.size();
  }
  void LetGo() {
    std::vector<std::function<void()>> responds;
    {
      const MutexLock lock(mutex_);
      held_ = false;
      responds.swap(held_responds_);
    }
    for (const auto& respond : responds) respond();
  }
  int asked() {
    const MutexLock lock(mutex_);
    return asked_;
  }
  // Runs for each request, on the server's thread.
  void OnRequest(std::function<void(bindings::Session&)> function) {
    const MutexLock lock(mutex_);
    on_request_ = std::move(function);
  }

 private:
  Mutex mutex_;
  std::string state_ SAEF_GUARDED_BY(mutex_) = "0";
  onem2m::ResponseStatusCode status_ SAEF_GUARDED_BY(mutex_) = onem2m::ResponseStatusCode::kOk;
  bool held_ SAEF_GUARDED_BY(mutex_) = false;
  std::vector<std::function<void()>> held_responds_ SAEF_GUARDED_BY(mutex_);
  int asked_ SAEF_GUARDED_BY(mutex_) = 0;
  std::function<void(bindings::Session&)> on_request_ SAEF_GUARDED_BY(mutex_);
  EchoServer echo_;  // the last one, so that its threads are the first to go
};

// What a Notify was told.
class Told {
 public:
  bindings::Client::Notify Notify() {
    return [this](bindings::Result<onem2m::ResponsePrimitive> result) {
      const MutexLock lock(mutex_);
      if (!result) {
        errors_.push_back(result.error());
      } else {
        responses_.push_back(std::move(*result));
      }
    };
  }
  std::size_t count() {
    const MutexLock lock(mutex_);
    return responses_.size();
  }
  std::string last() {
    const MutexLock lock(mutex_);
    return responses_.empty() ? "" : responses_.back().content;
  }
  onem2m::ResponseStatusCode last_status() {
    const MutexLock lock(mutex_);
    return responses_.back().status;
  }
  std::vector<boost::system::error_code> errors() {
    const MutexLock lock(mutex_);
    return errors_;
  }
  bool ended_with(bindings::Error error) {
    const MutexLock lock(mutex_);
    return errors_.size() == 1 && errors_.front() == error;
  }

 private:
  Mutex mutex_;
  std::vector<onem2m::ResponsePrimitive> responses_ SAEF_GUARDED_BY(mutex_);
  std::vector<boost::system::error_code> errors_ SAEF_GUARDED_BY(mutex_);
};

}  // namespace saef::coap::test

#endif  // SAEF_BINDINGS_COAP_OBSERVED_SERVER_H_
