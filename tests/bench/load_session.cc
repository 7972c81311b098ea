// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/load_session.h"

#include <utility>

#include "tests/bench/coap_datagram.h"

namespace saef::bench {

using Step = PskSession::Step;

void LoadRound::Fail(std::string why) {
  if (!problem) problem = std::move(why);
  io.stop();
}

void LoadRound::FailAt(boost::asio::steady_timer& timer) {
  timer.async_wait([this](const boost::system::error_code& error) {
    if (!error) Fail("no answer in time");
  });
}

LoadSession::LoadSession(boost::asio::io_context& io, std::unique_ptr<PskSession> session)
    : session_(std::move(session)), socket_(io, session_->socket()) {}

LoadSession::~LoadSession() {
  session_->Close();
  socket_.release();  // the session closes it
}

void LoadSession::Begin(LoadRound& round, std::size_t window) {
  for (std::size_t i = 0; i < window; ++i) Ask(round);
  Wait(round);
}

void LoadSession::Ask(LoadRound& round) {
  const std::string datagram = EncodeCoapRequest(round.next(), ++number_);
  if (datagram.empty() || session_->Send(datagram) != Step::kDone) {
    return round.Fail("a request can't be sent: " + session_->failure());
  }
  ++under_way_;
  ++round.under_way;
}

void LoadSession::Wait(LoadRound& round) {
  if (under_way_ == 0 || round.problem) return;
  socket_.async_wait(boost::asio::posix::descriptor_base::wait_read,
                     [this, &round](const boost::system::error_code& error) {
                       if (!error) Take(round);
                     });
}

// All that has come.
void LoadSession::Take(LoadRound& round) {
  while (!round.problem) {
    received_.clear();
    const Step step = session_->Receive(received_);
    if (step == Step::kFailed) round.Fail("there was no answer: " + session_->failure());
    if (step != Step::kDone) break;
    TakeOne(round);
  }
  if (round.under_way == 0) return round.io.stop();
  Wait(round);
}

void LoadSession::TakeOne(LoadRound& round) {
  const auto reply = ReadCoapReply(received_);
  if (!reply) return round.Fail("what came is no CoAP message");
  if (reply->is_empty) return;
  if (!reply->acknowledgement.empty()) session_->Send(reply->acknowledgement);
  if (!reply->is_success) return round.Fail("refused");
  ++round.answers;
  --round.under_way;
  --under_way_;
  if (LoadRound::Clock::now() < round.until) Ask(round);
}

}  // namespace saef::bench
