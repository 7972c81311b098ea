// SPDX-License-Identifier: GPL-3.0-or-later
//
// IssuerClient: fetches keys from one KeyIssuer, a MAF or a MEF. A (D)TLS session is kept (over
// HTTP several, where many keys are wanted at once) and carries many requests, or as many sessions
// as it takes where the issuer ends each after its procedure (TS-0003 8.x.6 step 7). An issuer that
// can't be reached is left alone for a while (BackOff), and so is one that has to refuse too much
// (RefusalBudget). Where it can be, a key that was given is observed (KeyWatch), within a bound:
// what the issuer says of it later is News.
//
// Threads: any. Answers are given on the session's own thread.
#ifndef SAEF_PLUGIN_ISSUER_CLIENT_H_
#define SAEF_PLUGIN_ISSUER_CLIENT_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "bindings/client.h"
#include "bindings/error.h"
#include "bindings/log.h"
#include "plugin/back_off.h"
#include "plugin/fetch_answer.h"
#include "plugin/key_issuer.h"
#include "plugin/key_watch.h"
#include "plugin/psk_identity.h"
#include "plugin/refusal_budget.h"

namespace saef::plugin {

class IssuerClient {
 public:
  using Done = std::function<void(FetchAnswer)>;
  // What became of a key that was observed.
  struct News {
    PskIdentity identity;
    // None: the observation has ended with the session, so the key must be asked for again. Else
    // the issuer's word that the key isn't, or isn't for us any more (`taken_back`).
    std::optional<FetchAnswer> answer;
    TimePoint expires;  // the key does, as far as we were told
  };
  struct Options {
    std::unique_ptr<KeyIssuer> issuer;
    std::chrono::milliseconds timeout;
    std::size_t max_in_flight;           // under way and waiting
    std::uint16_t window;                // of them, under way at a time in a session of CoAP …
    std::uint16_t sessions;              // … of so many …
    std::uint16_t connections;           // … and over HTTP, in a connection each
    std::size_t max_refused_per_second;  // RefusalBudget
    BackOff::Limits back_off;
    bindings::Log log;
    std::size_t max_observations = 0;
    std::function<void(News)> news;  // on the session's own thread; needed where keys are observed
  };
  struct ProbeReport {
    std::int32_t outcome;        // SAEF_DONE, SAEF_DENIED, SAEF_UNAVAILABLE
    std::int64_t round_trip_us;  // -1: none
    bool has_clock_offset;
    std::int64_t clock_offset_s;
    std::string text;
  };

  // No packet is sent yet.
  static bindings::Result<std::unique_ptr<IssuerClient>> Open(Options options);
  // Ends the session; `done` of what is outstanding is called before it returns.
  ~IssuerClient();
  IssuerClient(const IssuerClient&) = delete;
  IssuerClient& operator=(const IssuerClient&) = delete;

  const onem2m::Fqdn& fqdn() const { return options_.issuer->fqdn(); }
  // False while the issuer is left alone.
  bool MayAsk(TimePoint now) const { return back_off_.MayTry(now) && budget_.MayAsk(now); }
  // `done` is called once, within the timeout, perhaps within the call.
  void Retrieve(const PskIdentity& identity, Done done);
  // A session of its own and two requests in it, within `timeout`. Blocks; not from a callback.
  ProbeReport Probe(std::chrono::milliseconds timeout);
  // On the plugin's thread: ends a session that has fallen silent, and observations that nobody
  // needs any more.
  void Tick();
  std::uint64_t sessions() const;
  // Now, of those that Retrieve was asked for: beyond what is under way at a time.
  std::size_t queued() const;
  bool IsObserved(const PskIdentity& identity) const { return watch_.HasKey(identity); }
  std::size_t observations() const { return watch_.size(); }
  std::uint64_t enrolments() const { return options_.issuer->enrolments(); }

 private:
  struct Exchange;

  explicit IssuerClient(Options options);
  bindings::ClientOptions SessionOptions(std::chrono::milliseconds handshake_timeout) const;
  onem2m::Result<onem2m::RequestPrimitive> MakeRequest(const PskIdentity& identity);
  void Send(const std::shared_ptr<Exchange>& exchange);
  void OnResult(const std::shared_ptr<Exchange>& exchange,
                bindings::Result<onem2m::ResponsePrimitive> result);
  void Observe(const std::shared_ptr<Exchange>& exchange, onem2m::RequestPrimitive request);
  void OnLater(const KeyWatch::ObservationPtr& observation,
               bindings::Result<onem2m::ResponsePrimitive> result);
  void Tell(News news) noexcept;
  bool IsWorthAnotherTry(const Exchange& exchange, const boost::system::error_code& error) const;
  FetchAnswer OnAnswer(const PskIdentity& identity, onem2m::ResponsePrimitive response);
  FetchAnswer OnError(const Exchange& exchange, const boost::system::error_code& error);

  const Options options_;
  BackOff back_off_;
  RefusalBudget budget_;
  KeyWatch watch_;
  std::string request_prefix_;
  std::atomic<std::uint64_t> requests_{0};
  std::atomic<std::uint64_t> answers_{0};
  std::atomic<std::size_t> outstanding_{0};
  std::atomic<std::uint64_t> probe_sessions_{0};
  std::atomic<bool> closing_{false};
  std::atomic<bool> silent_{false};
  std::unique_ptr<bindings::Client> owned_session_;
  // The same for callbacks, which may run until the session's destructor has ended.
  bindings::Client* session_ = nullptr;
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_ISSUER_CLIENT_H_
