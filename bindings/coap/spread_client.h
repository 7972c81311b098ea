// SPDX-License-Identifier: GPL-3.0-or-later
//
// SpreadClient: a client of several sessions with one peer, so that each carries a part of what is
// under way. libcoap walks lists of all that is under way in a context, and of all that is observed
// in a session, for each request and answer; that is what limits one session with thousands of
// them. And each session has a thread of its own.
//
// The first session is opened when it is needed, as by any client; once a request was answered in
// it, the others are, all at the same time, and nothing waits for them: a request goes to the one
// of those that stand that has the fewest under way. One that couldn't be opened, or has ended, is
// opened again when many requests are under way in those that stand, and not before some time has
// passed.
//
// Threads: as of bindings::Client, but that callbacks run on the threads of the sessions: those of
// one request or observation one at a time.
#ifndef SAEF_BINDINGS_COAP_SPREAD_CLIENT_H_
#define SAEF_BINDINGS_COAP_SPREAD_CLIENT_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "bindings/client.h"
#include "bindings/coap/loop.h"
#include "bindings/coap/session_client.h"

namespace saef::coap {

class SpreadClient final : public bindings::Client {
 public:
  // Under way in each session that stands, before those that don't are opened again.
  static constexpr std::size_t kMany = 64;
  // Between two tries at a session beyond the first.
  static constexpr std::chrono::seconds kPause{10};

  // As SessionClient::Open; of options.max_sessions sessions.
  static bindings::Result<std::unique_ptr<SpreadClient>> Open(bindings::ClientOptions options,
                                                              Clock::duration pause = kPause);
  ~SpreadClient() override;

  // Of the first session.
  bindings::Result<void> Connect() override;
  void Send(onem2m::RequestPrimitive request, std::chrono::milliseconds timeout,
            Done done) override;
  std::uint64_t Observe(onem2m::RequestPrimitive request, std::chrono::milliseconds timeout,
                        Notify notify) override;
  void CancelObserve(std::uint64_t id) override;
  bindings::Result<onem2m::Secret> ExportKeyingMaterial(std::string_view label,
                                                        std::size_t length) override;
  void Disconnect() override;
  std::uint64_t sessions_established() const override;

 private:
  struct Line {
    std::unique_ptr<SessionClient> client;
    std::atomic<std::size_t> under_way{0};                           // and waiting
    std::atomic<Clock::duration> next_try{Clock::duration::zero()};  // since the clock's beginning
  };

  // What counts as under way until it was answered, or nobody knows of it any more.
  class UnderWay {
   public:
    explicit UnderWay(Line& line) : line_(line) { ++line_.under_way; }
    ~UnderWay() { End(); }
    UnderWay(const UnderWay&) = delete;
    UnderWay& operator=(const UnderWay&) = delete;
    void End() {
      if (!std::exchange(ended_, true)) --line_.under_way;
    }

   private:
    Line& line_;
    bool ended_ = false;
  };

  SpreadClient(std::size_t lines, Clock::duration pause) : pause_(pause), lines_(lines) {}
  // Where the next request goes to.
  Line& Pick();
  // `done`, which also tells of the first answer.
  Done Wrap(Line& line, Done done);
  void Answered();
  void OpenOthers();

  const Clock::duration pause_;
  std::vector<Line> lines_;
  std::atomic<bool> others_tried_{false};
};

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_SPREAD_CLIENT_H_
