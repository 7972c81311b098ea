// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/psk_clients.h"

#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "tests/bench/running_client.h"

namespace saef::bench {
namespace {

using Clock = PskResult::Clock;

// Beside the sockets: files of the program's own.
constexpr std::size_t kOwnFiles = 256;

}  // namespace

struct PskClients::State final : RunningClient::Owner {
  State(PskClientsOptions wishes, PskContext shared)
      : options(std::move(wishes)), context(std::move(shared)) {}

  void StartSome();
  void Ended(RunningClient& client) override;

  const PskClientsOptions options;
  const PskContext context;
  boost::asio::io_context io{1};
  boost::asio::steady_timer pace{io};
  const std::vector<PskClient>* clients = nullptr;  // of the run that is under way
  std::vector<std::unique_ptr<RunningClient>> running;
  std::vector<PskResult> results;
  Clock::time_point began{};
  std::size_t under_way = 0;
};

void PskClients::State::Ended(RunningClient& client) {
  --under_way;
  results[client.number()] = client.result();
  // Not within the client's own call.
  boost::asio::post(io, [this] { StartSome(); });
}

void PskClients::State::StartSome() {
  const bool paced = options.starts_a_second > 0;
  while (running.size() < clients->size() && under_way < options.at_once) {
    const std::size_t i = running.size();
    const auto due =
        began + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(
                    paced ? static_cast<double>(i) / options.starts_a_second : 0));
    if (paced && due > Clock::now()) {
      pace.expires_at(due);
      pace.async_wait([this](const boost::system::error_code& error) {
        if (!error) StartSome();
      });
      return;
    }
    ++under_way;
    const boost::asio::ip::address_v4 source(options.source.to_uint() +
                                             static_cast<std::uint32_t>(i % options.sources));
    running.push_back(
        std::make_unique<RunningClient>(io, context, options, (*clients)[i], i, source, *this));
    running.back()->Start();
  }
}

std::variant<PskClients, std::string> PskClients::Make(const PskClientsOptions& options) {
  PskClientsOptions wishes = options;
  if (wishes.cipher_suite.empty()) {
    wishes.cipher_suite = wishes.transport == SAEF_DTLS ? kCcm8Suite : kCbcSuite;
  }
  wishes.sources = std::max<std::uint32_t>(wishes.sources, 1);
  auto context = PskContext::Make(wishes.transport, wishes.cipher_suite);
  if (auto* const problem = std::get_if<std::string>(&context)) return std::move(*problem);
  return PskClients(
      std::make_unique<State>(std::move(wishes), std::move(std::get<PskContext>(context))));
}

PskClients::PskClients(std::unique_ptr<State> state) : state_(std::move(state)) {}
PskClients::PskClients(PskClients&&) noexcept = default;
PskClients& PskClients::operator=(PskClients&&) noexcept = default;
PskClients::~PskClients() = default;

std::vector<PskResult> PskClients::Run(const std::vector<PskClient>& clients) {
  Close();
  State& state = *state_;
  state.clients = &clients;
  state.results.assign(clients.size(), {});
  state.running.reserve(clients.size());
  state.began = Clock::now();
  state.io.restart();
  state.StartSome();
  state.io.run();
  state.clients = nullptr;
  for (const auto& client : state.running) {
    if (client->over()) continue;
    PskResult& result = state.results[client->number()];
    result = client->result();
    result.failure = kStopped;
  }
  for (std::size_t i = state.running.size(); i < clients.size(); ++i) {
    state.results[i].failure = kStopped;
  }
  return std::move(state.results);
}

void PskClients::Stop() { state_->io.stop(); }

std::size_t PskClients::kept() const {
  return static_cast<std::size_t>(
      std::count_if(state_->running.begin(), state_->running.end(),
                    [](const auto& client) { return client->is_kept(); }));
}

void PskClients::Close() {
  for (const auto& client : state_->running) client->Close();
  state_->running.clear();
}

std::optional<std::string> AllowSockets(std::size_t count) {
  rlimit limit{};
  const rlim_t wanted = count + kOwnFiles;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return "the limit of open files can't be read";
  if (limit.rlim_cur >= wanted) return std::nullopt;
  limit.rlim_cur = wanted;
  // Beyond the hard limit only for who may.
  limit.rlim_max = std::max(limit.rlim_max, wanted);
  if (setrlimit(RLIMIT_NOFILE, &limit) == 0) return std::nullopt;
  return std::to_string(count) + " sockets need more open files than are allowed (ulimit -n)";
}

}  // namespace saef::bench
