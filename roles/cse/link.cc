// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/link.h"

#include <algorithm>
#include <utility>

namespace saef::cse {
namespace {

using bindings::LogLevel;
using onem2m::RequestPrimitive;
using onem2m::ResponsePrimitive;
using enum onem2m::ResponseStatusCode;
using std::chrono::steady_clock;

constexpr std::size_t kMaxAddresses = 8;

ResponsePrimitive Unreachable(const RequestPrimitive& request, const std::string& text) {
  return onem2m::RespondWithText(request, kTargetNotReachable, text);
}

void AddAddress(std::vector<std::string>& addresses, std::string address) {
  if (addresses.size() < kMaxAddresses &&
      std::find(addresses.begin(), addresses.end(), address) == addresses.end()) {
    addresses.push_back(std::move(address));
  }
}

}  // namespace

Link::Link(std::unique_ptr<entity_a::EntityA> entity, LinkOptions options, bindings::Log log)
    : entity_(std::move(entity)), options_(options), log_(std::move(log)) {
  for (std::size_t i = 0; i < options_.threads; ++i) {
    threads_.emplace_back([this] { Work(); });
  }
}

Link::~Link() { Stop(); }

void Link::Stop() {
  std::deque<Job> waiting;
  {
    const MutexLock lock(mutex_);
    stop_ = true;
    waiting.swap(queue_);
  }
  changed_.NotifyAll();
  for (Job& job : waiting) {
    job.done(Unreachable(job.request, "this CSE is about to end"));
  }
  for (std::thread& thread : threads_) {
    thread.join();
  }
  threads_.clear();
}

void Link::Send(RequestPrimitive request, std::vector<std::string> points_of_access,
                Deadline deadline, Answered done) {
  std::string refusal;
  {
    const MutexLock lock(mutex_);
    if (stop_) {
      refusal = "this CSE is about to end";
    } else if (queue_.size() >= options_.max_queued) {
      refusal = "too many requests wait for " + cse().Absolute();
    } else {
      queue_.push_back(
          {std::move(request), std::move(points_of_access), deadline, std::move(done)});
      changed_.NotifyOne();
      return;
    }
  }
  done(Unreachable(request, refusal));
}

void Link::Work() {
  for (;;) {
    std::optional<Job> job;
    {
      const MutexLock lock(mutex_);
      while (!stop_ && queue_.empty()) {
        changed_.Wait(mutex_);
      }
      if (stop_) {
        return;
      }
      job.emplace(std::move(queue_.front()));
      queue_.pop_front();
    }
    job->done(Run(*job));
  }
}

ResponsePrimitive Link::Run(const Job& job) {
  const std::string peer = cse().Absolute();
  if (steady_clock::now() < job.deadline) {
    if (const auto failure = Associate(job.points_of_access)) {
      return Unreachable(job.request, peer + " can't be reached: " + *failure);
    }
  }
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(job.deadline - steady_clock::now());
  if (left.count() > 0) {
    auto response = entity_->Send(job.request, left);
    if (response) {
      response->request_identifier = job.request.request_identifier;
      return *std::move(response);
    }
    log_(LogLevel::kWarning, "no answer from " + peer + ": " + response.error().text);
    if (steady_clock::now() < job.deadline) {
      // The association has failed; the next request makes one anew.
      entity_->Disconnect();
      return Unreachable(job.request, peer + " gives no answer: " + response.error().text);
    }
  }
  // TS-0004 7.3.2.6 and TS-0001 8.2.1: the request ends with its time.
  return onem2m::RespondWithText(job.request, kRequestTimeout,
                                 "no answer from " + peer + " came in time");
}

std::optional<std::string> Link::Associate(const std::vector<std::string>& points_of_access) {
  std::vector<std::string> addresses = Addresses(points_of_access);
  const MutexLock lock(connecting_);
  if (steady_clock::now() < not_before_) {
    return last_failure_;
  }
  // Where an association stands, it stays.
  const auto current = std::find(addresses.begin(), addresses.end(), address_);
  if (current != addresses.end()) {
    std::rotate(addresses.begin(), current, current + 1);
  }
  for (const std::string& address : addresses) {
    const auto associated = entity_->Associate(address);
    if (associated) {
      if (pause_.count() != 0 || address_.empty()) {
        log_(LogLevel::kInfo, "associated with " + cse().Absolute() + " at " + address);
      }
      address_ = address;
      pause_ = {};
      return std::nullopt;
    }
    last_failure_ = associated.error().text;
  }
  pause_ = std::clamp(pause_ * 2, options_.first_pause, options_.max_pause);
  not_before_ = steady_clock::now() + pause_;
  log_(LogLevel::kWarning, "no association with " + cse().Absolute() + ": " + last_failure_ +
                               "; again in " + std::to_string(pause_.count()) + " ms");
  return last_failure_;
}

std::vector<std::string> Link::Addresses(const std::vector<std::string>& points_of_access) const {
  const std::vector<bindings::Uri>& configured = entity_->configuration().cse_uris;
  std::vector<std::string> addresses;
  for (const bool same_scheme : {true, false}) {
    for (const std::string& text : points_of_access) {
      const auto uri = bindings::Uri::Parse(text);
      if (uri && uri->secure() && uri->port != 0 &&
          (uri->scheme == configured.front().scheme) == same_scheme) {
        AddAddress(addresses, uri->text());
      }
    }
  }
  for (const bindings::Uri& uri : configured) {
    AddAddress(addresses, uri.text());
  }
  return addresses;
}

}  // namespace saef::cse
