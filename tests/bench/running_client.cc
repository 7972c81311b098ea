// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/running_client.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace saef::bench {
namespace {

// RFC 7252 4.8: ACK_TIMEOUT.
constexpr std::chrono::seconds kRepeatAfter{2};

}  // namespace

RunningClient::RunningClient(boost::asio::io_context& io, const PskContext& context,
                             const PskClientsOptions& options, const PskClient& client,
                             std::size_t number, const boost::asio::ip::address_v4& source,
                             Owner& owner)
    : context_(context),
      options_(options),
      client_(client),
      number_(number),
      source_(source),
      owner_(owner),
      socket_(io),
      timer_(io) {}

RunningClient::~RunningClient() { DropSession(); }

void RunningClient::Start() {
  result_.began = Clock::now();
  deadline_ = result_.began + options_.time_limit;
  Attempt();
}

void RunningClient::Attempt() {
  ++result_.attempts;
  result_.failure.clear();
  received_.clear();
  auto opened = PskSession::Open(
      context_, {options_.server,
                 options_.port,
                 source_,
                 client_.identity,
                 {reinterpret_cast<const std::uint8_t*>(client_.key.data()), client_.key.size()}});
  if (const auto* const problem = std::get_if<std::string>(&opened)) return Retry(*problem);
  session_ = std::move(std::get<0>(opened));
  socket_.assign(session_->socket());
  hello_ = Clock::now();
  Advance();
}

void RunningClient::Advance() {
  for (bool go_on = true; go_on && !over_ && session_ != nullptr;) {
    if (!result_.established) {
      go_on = ShakeHands();
    } else if (request_ && is_sent_) {
      go_on = Listen();
    } else {
      go_on = Ask();
    }
  }
}

bool RunningClient::ShakeHands() {
  const Step step = session_->Handshake();
  if (step != Step::kDone) return Await(step);
  result_.established = true;
  result_.handshake = Clock::now() - hello_;
  if (!client_.originator.empty() && options_.requests > 0) return true;
  Finish();
  return false;
}

bool RunningClient::Ask() {
  if (!request_) {
    ++asked_;
    request_.emplace(context_.transport(), client_.originator, static_cast<std::uint16_t>(asked_));
    if (asked_ == 1) first_asked_ = Clock::now();
  }
  const Step step = session_->Send(request_->text());
  is_sent_ = step == Step::kDone;
  repeat_ = Clock::now() + kRepeatAfter;
  return is_sent_ || Await(step);
}

bool RunningClient::Listen() {
  const Step step = session_->Receive(received_);
  if (step != Step::kDone) return Await(step);
  std::string reply;
  const CseBaseRequest::Answer answer = request_->Read(received_, reply);
  // Lost, it is asked for again.
  if (!reply.empty()) session_->Send(reply);
  return Take(answer);
}

bool RunningClient::Take(CseBaseRequest::Answer answer) {
  if (answer == CseBaseRequest::Answer::kMore) return true;
  if (answer != CseBaseRequest::Answer::kSuccess) {
    result_.failure = answer == CseBaseRequest::Answer::kRefused ? "the request was refused"
                                                                 : "what came is no answer";
    Finish();
    return false;
  }
  result_.all_answers = Clock::now() - first_asked_;
  if (asked_ == 1) result_.first_answer = result_.all_answers;
  request_.reset();
  is_sent_ = false;
  if (asked_ < options_.requests) return true;
  result_.answered = true;
  Finish();
  return false;
}

bool RunningClient::Await(Step step) {
  if (step == Step::kFailed) {
    Retry(session_->failure());
    return false;
  }
  if (!result_.established) repeat_ = Clock::now() + session_->retransmit_after();
  ArmTimer();
  Wait(step == Step::kWantRead ? boost::asio::posix::descriptor_base::wait_read
                               : boost::asio::posix::descriptor_base::wait_write);
  return false;
}

void RunningClient::Wait(boost::asio::posix::descriptor_base::wait_type what) {
  socket_.async_wait(what, [this](const boost::system::error_code& error) {
    if (!error) Advance();
  });
}

void RunningClient::ArmTimer() {
  auto at = deadline_;
  if (context_.transport() == SAEF_DTLS) at = std::min(at, repeat_);
  // One that ends sooner looks again and is armed anew.
  if (timer_.expiry() > Clock::now() && timer_.expiry() <= at) return;
  timer_.expires_at(at);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) OnTimer();
  });
}

void RunningClient::OnTimer() {
  if (over_ || session_ == nullptr) return;
  const auto now = Clock::now();
  if (now >= deadline_) {
    result_.failure = result_.established ? "no answer in time" : "no handshake in time";
    return Finish();
  }
  if (context_.transport() != SAEF_DTLS || now < repeat_) return ArmTimer();
  ++result_.retransmissions;
  if (!result_.established) {
    if (session_->Retransmit() == Step::kFailed) return Retry(session_->failure());
    repeat_ = now + session_->retransmit_after();
  } else {
    session_->Send(request_->text());
    repeat_ = now + kRepeatAfter;
  }
  ArmTimer();
}

void RunningClient::Retry(const std::string& failure) {
  result_.failure = failure;
  DropSession();
  if (result_.established || result_.attempts >= options_.attempts || Clock::now() >= deadline_) {
    return Finish();
  }
  Attempt();
}

void RunningClient::Finish() {
  over_ = true;
  timer_.cancel();
  const bool kept = options_.keep && result_.established && result_.failure.empty();
  if (!kept && session_ != nullptr) {
    if (result_.failure.empty()) session_->Close();
    DropSession();
  }
  owner_.Ended(*this);
}

void RunningClient::Close() {
  if (is_kept()) session_->Close();
  DropSession();
}

void RunningClient::DropSession() {
  // The session closes its socket itself.
  if (socket_.is_open()) socket_.release();
  session_.reset();
}

}  // namespace saef::bench
