// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/load.h"

#include <poll.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "bindings/uri.h"
#include "tests/bench/bench_parties.h"
#include "tests/bench/load_session.h"
#include "tests/bench/psk_session.h"

namespace saef::bench {
namespace {

using Clock = std::chrono::steady_clock;
using Step = PskSession::Step;

constexpr std::chrono::seconds kPatience{30};

// Waits for the server; a sentence where the session doesn't come about.
std::optional<std::string> ShakeHands(PskSession& session) {
  const auto until = Clock::now() + kPatience;
  for (Step step = session.Handshake(); step != Step::kDone; step = session.Handshake()) {
    if (step == Step::kFailed) return session.failure();
    if (Clock::now() >= until) return "no handshake in time";
    pollfd socket{session.socket(), static_cast<short>(step == Step::kWantRead ? POLLIN : POLLOUT),
                  0};
    const std::chrono::milliseconds wait = session.retransmit_after();
    if (poll(&socket, 1, static_cast<int>(wait.count())) == 0) session.Retransmit();
  }
  return std::nullopt;
}

}  // namespace

class Load::Sessions {
 public:
  Sessions(const LoadTarget& target, PskContext context)
      : target_(target), context_(std::move(context)) {}

  std::optional<std::string> Open() {
    const auto uri = bindings::Uri::Parse(target_.uri);
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address_v4(uri ? uri->host : std::string(), error);
    if (error) return target_.uri + ": no session can be made";
    for (std::size_t i = 0; i < target_.sessions; ++i) {
      auto opened = PskSession::Open(
          context_,
          {.server = address,
           .port = uri->port,
           .identity = target_.identity,
           .key = {reinterpret_cast<const std::uint8_t*>(target_.key.data()), target_.key.size()}});
      if (const auto* const problem = std::get_if<std::string>(&opened)) return *problem;
      auto session = std::move(std::get<0>(opened));
      if (auto problem = ShakeHands(*session)) return target_.uri + ": " + *problem;
      sessions_.push_back(std::make_unique<LoadSession>(io_, std::move(session)));
    }
    return std::nullopt;
  }

  std::variant<LoadResult, std::string> Run(std::size_t window, std::chrono::milliseconds duration,
                                            const Next& next) {
    const auto processor = ProcessorTime(target_.server);
    const auto begin = Clock::now();
    LoadRound round(next, begin + duration, io_);
    boost::asio::steady_timer patience(io_, duration + kPatience);
    round.FailAt(patience);
    io_.restart();
    for (const auto& session : sessions_) session->Begin(round, window);
    if (!round.problem && round.under_way > 0) io_.run();
    const std::chrono::duration<double> took = Clock::now() - begin;
    const std::chrono::duration<double> used = ProcessorTime(target_.server) - processor;
    Settle(patience);
    if (round.problem) return *round.problem;
    return LoadResult{round.answers, took.count(), used.count()};
  }

 private:
  // Nothing of this round is left in the loop.
  void Settle(boost::asio::steady_timer& patience) {
    patience.cancel();
    for (const auto& session : sessions_) session->Cancel();
    io_.restart();
    io_.run();
  }

  const LoadTarget target_;
  const PskContext context_;
  boost::asio::io_context io_{1};
  std::vector<std::unique_ptr<LoadSession>> sessions_;
};

Load::Load(std::unique_ptr<Sessions> sessions) : sessions_(std::move(sessions)) {}
Load::Load(Load&&) noexcept = default;
Load& Load::operator=(Load&&) noexcept = default;
Load::~Load() = default;

std::variant<Load, std::string> Load::Connect(const LoadTarget& target) {
  auto context = PskContext::Make(SAEF_DTLS, kCcm8Suite);
  if (auto* const problem = std::get_if<std::string>(&context)) return std::move(*problem);
  auto sessions = std::make_unique<Sessions>(target, std::move(std::get<PskContext>(context)));
  if (auto problem = sessions->Open()) return std::move(*problem);
  return Load(std::move(sessions));
}

std::variant<LoadResult, std::string> Load::Run(std::size_t window,
                                                std::chrono::milliseconds duration,
                                                const Next& next) {
  return sessions_->Run(window, duration, next);
}

}  // namespace saef::bench
