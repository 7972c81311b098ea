// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/load.h"

#include <condition_variable>
#include <mutex>
#include <span>
#include <utility>

#include "bindings/coap/client.h"
#include "tests/bench/bench_parties.h"
#include "tests/bench/maf_credential.h"

namespace saef::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{30};

// Requests that follow each other until the time is over.
class Round {
 public:
  Round(const Load::Next& next, Clock::time_point until) : next_(next), until_(until) {}

  void Ask(bindings::Client& session) {
    {
      const std::lock_guard lock(mutex_);
      if (Clock::now() >= until_ || problem_) return;
      ++under_way_;
    }
    session.Send(next_(), kPatience, [this, &session](auto answer) {
      if (Take(answer)) Ask(session);
      const std::lock_guard lock(mutex_);
      if (--under_way_ == 0) ended_.notify_one();
    });
  }

  std::variant<std::size_t, std::string> Wait() {
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [this] { return under_way_ == 0; });
    if (problem_) return *problem_;
    return answers_;
  }

 private:
  bool Take(const bindings::Result<onem2m::ResponsePrimitive>& answer) {
    const std::lock_guard lock(mutex_);
    if (!answer) {
      problem_ = "there was no answer: " + answer.error().message();
    } else if (onem2m::Number(answer->status) / 1000 != 2) {
      problem_ =
          "refused with " + std::to_string(onem2m::Number(answer->status)) + ": " + answer->content;
    } else {
      ++answers_;
    }
    return !problem_;
  }

  const Load::Next& next_;
  const Clock::time_point until_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::size_t under_way_ = 0;
  std::size_t answers_ = 0;
  std::optional<std::string> problem_;
};

std::variant<std::unique_ptr<bindings::Client>, std::string> OpenSession(const std::string& uri,
                                                                         const std::string& km_id) {
  const auto parsed = bindings::Uri::Parse(uri);
  auto key = onem2m::Secret::Copy(
      {reinterpret_cast<const std::uint8_t*>(kMasterKey.data()), kMasterKey.size()});
  if (!parsed || !key) return uri + ": no session can be made";
  bindings::ClientOptions options;
  options.uri = *parsed;
  options.server_name = "maf.example.com";
  options.credential = bindings::PskCredential{km_id, std::move(*key)};
  auto client = coap::OpenClient(std::move(options));
  if (!client) return uri + ": " + client.error().message();
  if (const auto connected = (*client)->Connect(); !connected) {
    return uri + ": " + connected.error().message();
  }
  return std::move(*client);
}

}  // namespace

std::variant<Load, std::string> Load::Connect(const std::string& uri, const std::string& km_id,
                                              std::size_t sessions, pid_t server) {
  Load load(server);
  for (std::size_t i = 0; i < sessions; ++i) {
    auto session = OpenSession(uri, km_id);
    if (auto* const problem = std::get_if<std::string>(&session)) return std::move(*problem);
    load.sessions_.push_back(std::move(std::get<0>(session)));
  }
  return load;
}

std::variant<LoadResult, std::string> Load::Run(std::size_t window,
                                                std::chrono::milliseconds duration,
                                                const Next& next) {
  const auto processor = ProcessorTime(server_);
  const auto begin = Clock::now();
  Round round(next, begin + duration);
  for (const auto& session : sessions_) {
    for (std::size_t i = 0; i < window; ++i) round.Ask(*session);
  }
  auto answers = round.Wait();
  if (auto* const problem = std::get_if<std::string>(&answers)) return std::move(*problem);
  const std::chrono::duration<double> took = Clock::now() - begin;
  const std::chrono::duration<double> used = ProcessorTime(server_) - processor;
  return LoadResult{std::get<std::size_t>(answers), took.count(), used.count()};
}

}  // namespace saef::bench
