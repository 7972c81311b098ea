// SPDX-License-Identifier: GPL-3.0-or-later
//
// RunningClient: one of PskClients while it is under way: its session, on a loop.
//
// Threads: the loop's. Lifetime: until the loop has run out of work or was stopped; what the loop
// still has of it then does nothing.
#ifndef SAEF_TESTS_BENCH_RUNNING_CLIENT_H_
#define SAEF_TESTS_BENCH_RUNNING_CLIENT_H_

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "tests/bench/csebase_request.h"
#include "tests/bench/psk_clients.h"
#include "tests/bench/psk_session.h"

namespace saef::bench {

class RunningClient {
 public:
  class Owner {
   public:
    // Succeeded or failed. Once.
    virtual void Ended(RunningClient& client) = 0;

   protected:
    ~Owner() = default;
  };

  // `client` is read until it has ended; the others are to outlive it.
  RunningClient(boost::asio::io_context& io, const PskContext& context,
                const PskClientsOptions& options, const PskClient& client, std::size_t number,
                const boost::asio::ip::address_v4& source, Owner& owner);
  ~RunningClient();

  void Start();
  // Ends a session that was kept, with close_notify; or one that was stopped.
  void Close();
  bool is_kept() const { return over_ && session_ != nullptr; }
  bool over() const { return over_; }
  std::size_t number() const { return number_; }
  const PskResult& result() const { return result_; }

 private:
  using Step = PskSession::Step;
  using Clock = PskResult::Clock;

  void Attempt();
  void Advance();
  // Each true: go on at once.
  bool ShakeHands();
  bool Ask();
  bool Listen();
  bool Take(CseBaseRequest::Answer answer);

  bool Await(Step step);
  void Wait(boost::asio::posix::descriptor_base::wait_type what);
  void ArmTimer();
  void OnTimer();
  void Retry(const std::string& failure);
  void Finish();
  void DropSession();

  const PskContext& context_;
  const PskClientsOptions& options_;
  const PskClient& client_;
  const std::size_t number_;
  const boost::asio::ip::address_v4 source_;
  Owner& owner_;

  boost::asio::posix::stream_descriptor socket_;  // the session's: released, never closed here
  boost::asio::steady_timer timer_;
  std::unique_ptr<PskSession> session_;
  std::optional<CseBaseRequest> request_;  // the one that is to be sent, or was
  bool is_sent_ = false;
  std::size_t asked_ = 0;
  std::string received_;
  Clock::time_point deadline_{};
  Clock::time_point hello_{};
  Clock::time_point first_asked_{};
  Clock::time_point repeat_{};  // what was sent last is repeated then
  bool over_ = false;
  PskResult result_;
};

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_RUNNING_CLIENT_H_
