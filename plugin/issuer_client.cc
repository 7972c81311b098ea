// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/issuer_client.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "onem2m/timestamp.h"
#include "plugin/signals_blocked.h"

namespace saef::plugin {
namespace {

using bindings::Error;
using bindings::LogLevel;
using std::chrono::milliseconds;

constexpr int kMaxTriesInVain = 3;
// Nobody gives it to a key: a probe must not ask for a real one.
constexpr std::string_view kProbedKey = "00000000000000000000000000000000";

// "1f0c…-": tells our requests from those of other processes under the same CSE-ID.
std::string RandomPrefix() {
  std::array<std::uint8_t, 8> octets{};
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string prefix;
  if (getentropy(octets.data(), octets.size()) != 0) octets.fill(0);
  for (const std::uint8_t octet : octets) {
    prefix += kDigits[octet >> 4];
    prefix += kDigits[octet & 0xf];
  }
  return prefix + "-";
}

// For a person: what to look at.
std::string Explain(const boost::system::error_code& error) {
  if (error == Error::kUnreachable) {
    return "no answer: nothing listens there, or it has another key than ours for our psk_identity "
           "(over DTLS a wrong key shows as silence)";
  }
  if (error == Error::kCredentialRefused) {
    return "it doesn't know our psk_identity, has another key for it, or doesn't take our "
           "certificate";
  }
  if (error == Error::kTimeout) return "it did not answer in time";
  return error.message();
}

PskIdentity ProbedIdentity(const onem2m::Fqdn& fqdn) {
  const std::string text = std::string(kProbedKey) + "@" + fqdn.text();
  return PskIdentity({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

milliseconds Until(TimePoint deadline) {
  return std::chrono::ceil<milliseconds>(deadline - Clock::now());
}

}  // namespace

struct IssuerClient::Exchange {
  PskIdentity identity;
  TimePoint deadline;
  Done done;
  int tries_in_vain = 0;
  std::uint64_t answers_before = 0;  // that had come from the issuer when it was last sent
  bool answered = false;             // `done` was called
  KeyWatch::ObservationPtr observation = nullptr;  // null: none
};

IssuerClient::IssuerClient(Options options)
    : options_(std::move(options)),
      back_off_(options_.back_off),
      budget_(options_.max_refused_per_second),
      watch_(options_.issuer->observable() ? options_.max_observations : 0),
      request_prefix_(RandomPrefix()) {}

IssuerClient::~IssuerClient() {
  closing_.store(true);
  owned_session_.reset();
}

bindings::Result<std::unique_ptr<IssuerClient>> IssuerClient::Open(Options options) {
  std::unique_ptr<IssuerClient> client(new IssuerClient(std::move(options)));
  const SignalsBlocked blocked;
  auto session =
      client->options_.issuer->OpenSession(client->SessionOptions(client->options_.timeout));
  if (!session) return session.error();
  client->owned_session_ = std::move(*session);
  client->session_ = client->owned_session_.get();
  return client;
}

// Without what the KeyIssuer fills in.
bindings::ClientOptions IssuerClient::SessionOptions(milliseconds handshake_timeout) const {
  bindings::ClientOptions session;
  session.handshake_timeout = handshake_timeout;
  session.max_in_flight = options_.window;
  session.max_sessions = options_.sessions;
  session.max_connections = options_.connections;
  session.max_queued = options_.max_in_flight;
  session.log = options_.log;
  return session;
}

onem2m::Result<onem2m::RequestPrimitive> IssuerClient::MakeRequest(const PskIdentity& identity) {
  auto request = options_.issuer->MakeRequest(identity);
  if (request) {
    request->request_identifier = request_prefix_ + std::to_string(requests_.fetch_add(1));
  }
  return request;
}

void IssuerClient::Retrieve(const PskIdentity& identity, Done done) {
  const TimePoint now = Clock::now();
  auto exchange =
      std::make_shared<Exchange>(Exchange{identity, now + options_.timeout, std::move(done)});
  if (watch_.MayBegin(now)) {
    exchange->observation = std::make_shared<KeyWatch::Observation>(identity);
  }
  outstanding_.fetch_add(1);
  Send(exchange);
}

void IssuerClient::Send(const std::shared_ptr<Exchange>& exchange) {
  exchange->answers_before = answers_.load();
  auto request = MakeRequest(exchange->identity);
  if (!request) {
    OnResult(exchange, Error::kBadRequest);
    return;
  }
  if (exchange->observation) {
    Observe(exchange, std::move(*request));
    return;
  }
  session_->Send(std::move(*request), std::max(Until(exchange->deadline), milliseconds(1)),
                 [this, exchange](bindings::Result<onem2m::ResponsePrimitive> result) {
                   OnResult(exchange, std::move(result));
                 });
}

void IssuerClient::OnResult(const std::shared_ptr<Exchange>& exchange,
                            bindings::Result<onem2m::ResponsePrimitive> result) {
  FetchAnswer answer;
  const bool succeeded = result && onem2m::Number(result->status) < 3000;
  try {
    if (!result && result.error() == Error::kUnsupported && exchange->observation) {
      exchange->observation = nullptr;  // over HTTP, which only an enrolment told
      Send(exchange);
      return;
    }
    if (!result && IsWorthAnotherTry(*exchange, result.error())) {
      const bool in_vain = answers_.load() == exchange->answers_before;
      exchange->tries_in_vain = in_vain ? exchange->tries_in_vain + 1 : 0;
      Send(exchange);
      return;
    }
    answer = result ? OnAnswer(exchange->identity, std::move(*result))
                    : OnError(*exchange, result.error());
    if (exchange->observation && answer.outcome == SAEF_KEY) {
      exchange->observation->since = Clock::now();
      exchange->observation->expires = answer.record->facts.expires;
      watch_.Add(exchange->observation);
    } else if (exchange->observation && succeeded) {
      watch_.GiveUp(exchange->observation);
    }
  } catch (...) {
    // For want of memory. The answer is lost, those who wait for it must not be.
  }
  exchange->answered = true;
  outstanding_.fetch_sub(1);
  exchange->done(std::move(answer));
}

// One request for the key and for word of what becomes of it.
void IssuerClient::Observe(const std::shared_ptr<Exchange>& exchange,
                           onem2m::RequestPrimitive request) {
  const KeyWatch::ObservationPtr observation = exchange->observation;
  observation->id = session_->Observe(
      std::move(request), std::max(Until(exchange->deadline), milliseconds(1)),
      [this, exchange, observation](bindings::Result<onem2m::ResponsePrimitive> result) {
        if (exchange->answered) {
          OnLater(observation, std::move(result));
        } else {
          OnResult(exchange, std::move(result));
        }
      });
}

void IssuerClient::OnLater(const KeyWatch::ObservationPtr& observation,
                           bindings::Result<onem2m::ResponsePrimitive> result) {
  if (!watch_.Has(observation) || closing_.load()) {
    if (result) onem2m::Wipe(result->content);
    return;
  }
  if (!result && result.error() == Error::kUnsupported) {
    watch_.Remove(observation);
    return;
  }
  if (!result) {
    watch_.Lost(observation, Clock::now());
    Tell({observation->identity, std::nullopt, observation->expires});
    return;
  }
  const bool succeeded = onem2m::Number(result->status) < 3000;
  FetchAnswer answer = options_.issuer->Check(*result, observation->identity);
  if (answer.outcome == SAEF_KEY) return;  // it is still there, and ours; its list was changed
  // A success that we can't take (its source is another, say) doesn't end the observation.
  succeeded ? watch_.GiveUp(observation) : watch_.Remove(observation);
  if (answer.outcome == SAEF_UNAVAILABLE) {
    Tell({observation->identity, std::nullopt, observation->expires});
    return;
  }
  answer.taken_back = true;
  Tell({observation->identity, std::move(answer), observation->expires});
}

void IssuerClient::Tell(News news) noexcept {
  try {
    options_.news(std::move(news));
  } catch (...) {
    // For want of memory: then the key's age or end finds it out.
  }
}

// A MAF may end its session after each procedure (TS-0003 8.x.6 step 7), also the one in which this
// request had just been sent. As long as that goes on yielding answers, so do we.
bool IssuerClient::IsWorthAnotherTry(const Exchange& exchange,
                                     const boost::system::error_code& error) const {
  return error == Error::kClosed && !closing_.load() && Until(exchange.deadline).count() > 0 &&
         (exchange.tries_in_vain < kMaxTriesInVain || answers_.load() != exchange.answers_before);
}

FetchAnswer IssuerClient::OnAnswer(const PskIdentity& identity,
                                   onem2m::ResponsePrimitive response) {
  answers_.fetch_add(1);
  if (back_off_.Succeeded()) {
    options_.log(LogLevel::kInfo, options_.issuer->name() + " answers again");
  }
  FetchAnswer answer = options_.issuer->Check(response, identity);
  if (answer.outcome != SAEF_KEY && budget_.Refused(Clock::now())) {
    options_.log(LogLevel::kWarning, options_.issuer->name() +
                                         " refuses so many keys (fetch.maxRefusedPerSecond) that "
                                         "others aren't asked for until there are fewer");
  }
  return answer;
}

FetchAnswer IssuerClient::OnError(const Exchange& exchange,
                                  const boost::system::error_code& error) {
  FetchAnswer answer;
  answer.reason = Explain(error);
  if (error == Error::kBadResponse || error == Error::kTooLarge) {
    // It answered, and not as it must.
    answers_.fetch_add(1);
    answer.outcome = SAEF_DENIED;
    answer.why = FetchProblem::kBadAnswer;
    answer.answered = true;
    return answer;
  }
  // Ours, and nothing that the issuer did.
  if (error == Error::kLimit || error == Error::kBadRequest || closing_.load()) return answer;
  answer.why = error == Error::kTimeout             ? FetchProblem::kTimedOut
               : error == Error::kCredentialRefused ? FetchProblem::kCredentialRefused
                                                    : FetchProblem::kUnreachable;
  // A session in which nothing comes any more may be one that the issuer has forgotten.
  if (error == Error::kTimeout && answers_.load() == exchange.answers_before) silent_.store(true);
  if (back_off_.Failed(Clock::now())) {
    options_.log(LogLevel::kWarning, options_.issuer->name() + " can't be asked: " + answer.reason);
  }
  return answer;
}

void IssuerClient::Tick() {
  if (silent_.exchange(false)) session_->Disconnect();
  for (const std::uint64_t id : watch_.TakeToCancel(Clock::now())) session_->CancelObserve(id);
}

std::size_t IssuerClient::queued() const {
  const std::size_t outstanding = outstanding_.load();
  const std::size_t at_once = options_.issuer->over_http()
                                  ? options_.connections
                                  : std::size_t{options_.window} * options_.sessions;
  return outstanding > at_once ? outstanding - at_once : 0;
}

std::uint64_t IssuerClient::sessions() const {
  return session_->sessions_established() + probe_sessions_.load();
}

IssuerClient::ProbeReport IssuerClient::Probe(milliseconds timeout) {
  ProbeReport report{SAEF_UNAVAILABLE, -1, false, 0, {}};
  const TimePoint deadline = Clock::now() + timeout;
  const SignalsBlocked blocked;
  auto opened = options_.issuer->OpenNow(SessionOptions(std::max(timeout, milliseconds(1))));
  if (!opened) {
    const bool refused = opened.error().kind == end_point::FailureKind::kRefused;
    report.outcome = refused ? SAEF_DENIED : SAEF_UNAVAILABLE;
    report.text = opened.error().text;
    return report;
  }
  const auto session = std::move(*opened);
  const PskIdentity probed = ProbedIdentity(options_.issuer->fqdn());
  const auto ask = [&]() -> bindings::Result<onem2m::ResponsePrimitive> {
    auto request = MakeRequest(probed);
    if (!request) return Error::kBadRequest;
    return session->SendAndWait(std::move(*request), std::max(Until(deadline), milliseconds(1)));
  };
  const auto first = ask();
  probe_sessions_.fetch_add(session->sessions_established());
  // An answer that isn't as it must be comes through the session all the same.
  if (!first && first.error() != Error::kBadResponse) {
    report.outcome = first.error() == Error::kCredentialRefused ? SAEF_DENIED : SAEF_UNAVAILABLE;
    report.text = Explain(first.error());
    return report;
  }
  report.outcome = SAEF_DONE;
  report.text = "reached, and it accepts our credential";
  const TimePoint start = Clock::now();
  if (ask()) {
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
    report.round_trip_us = took.count();
  }
  if (first && first->originating_timestamp) {
    const auto time = onem2m::ParseTimestamp(*first->originating_timestamp);
    if (time) {
      report.has_clock_offset = true;
      report.clock_offset_s = (*time - onem2m::Now()).count();
    }
  }
  return report;
}

}  // namespace saef::plugin
