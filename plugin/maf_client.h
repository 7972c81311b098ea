// SPDX-License-Identifier: GPL-3.0-or-later
//
// MafClient: Key Retrieval from one MAF (TS-0003 8.x.6) with whatever credential there is; where
// that comes from an enrolment, requests wait for it (end-point/enrolling_client.h). A (D)TLS
// session is kept and carries many requests, or as many sessions as it takes where the MAF ends
// each after its procedure (8.x.6 step 7). A MAF that can't be reached is left alone for a while
// (BackOff). Over CoAP a key that was given is observed (KeyWatch), within a bound: what the MAF
// says of it later is News.
//
// Threads: any. Answers are given on the session's own thread.
#ifndef SAEF_PLUGIN_MAF_CLIENT_H_
#define SAEF_PLUGIN_MAF_CLIENT_H_

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
#include "end-point/maf_access.h"
#include "onem2m/entity_identifier.h"
#include "plugin/back_off.h"
#include "plugin/configuration.h"
#include "plugin/key_retrieval_check.h"
#include "plugin/key_watch.h"
#include "plugin/psk_identity.h"

namespace saef::plugin {

class MafClient {
 public:
  using Done = std::function<void(FetchAnswer)>;
  // What became of a key that was observed.
  struct News {
    PskIdentity identity;
    // None: the observation has ended with the session, so the key must be asked for again. Else
    // the MAF's word that the key isn't, or isn't for us any more (`taken_back`).
    std::optional<FetchAnswer> answer;
    TimePoint expires;  // Kc does, as far as we were told
  };
  struct Options {
    const MafConfiguration& maf;  // outlives the client
    const onem2m::CseId& own;     // likewise
    std::chrono::milliseconds timeout;
    std::size_t max_in_flight;
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
  static bindings::Result<std::unique_ptr<MafClient>> Open(Options options);
  // Ends the session; `done` of what is outstanding is called before it returns.
  ~MafClient();
  MafClient(const MafClient&) = delete;
  MafClient& operator=(const MafClient&) = delete;

  // False while the MAF is left alone.
  bool MayAsk(TimePoint now) const { return back_off_.MayTry(now); }
  // `done` is called once, within the timeout, perhaps within the call.
  void Retrieve(const PskIdentity& identity, Done done);
  // A session of its own and two requests in it, within `timeout`. Blocks; not from a callback.
  ProbeReport Probe(std::chrono::milliseconds timeout);
  // On the plugin's thread: ends a session that has fallen silent, and observations that nobody
  // needs any more.
  void Tick();
  std::uint64_t sessions() const;
  bool IsObserved(const PskIdentity& identity) const { return watch_.HasKey(identity); }
  std::size_t observations() const { return watch_.size(); }

 private:
  struct Exchange;

  explicit MafClient(Options options);
  bindings::ClientOptions SessionOptions(std::chrono::milliseconds handshake_timeout) const;
  onem2m::RequestPrimitive MakeRequest(std::string_view relative, std::string_view kc_id);
  void Send(const std::shared_ptr<Exchange>& exchange);
  void OnResult(const std::shared_ptr<Exchange>& exchange,
                bindings::Result<onem2m::ResponsePrimitive> result);
  void Observe(const std::shared_ptr<Exchange>& exchange);
  void OnLater(const KeyWatch::ObservationPtr& observation,
               bindings::Result<onem2m::ResponsePrimitive> result);
  void Tell(News news) noexcept;
  KeyRetrievalContext Context() const;
  bool IsWorthAnotherTry(const Exchange& exchange, const boost::system::error_code& error) const;
  FetchAnswer OnAnswer(onem2m::ResponsePrimitive response);
  FetchAnswer OnError(const Exchange& exchange, const boost::system::error_code& error);

  const Options options_;
  std::shared_ptr<end_point::MafAccess> access_;
  BackOff back_off_;
  KeyWatch watch_;
  std::string request_prefix_;
  std::atomic<std::uint64_t> requests_{0};
  std::atomic<std::uint64_t> answers_{0};
  std::atomic<std::uint64_t> probe_sessions_{0};
  std::atomic<bool> closing_{false};
  std::atomic<bool> silent_{false};
  std::unique_ptr<bindings::Client> owned_session_;
  // The same for callbacks, which may run until the session's destructor has ended.
  bindings::Client* session_ = nullptr;
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_MAF_CLIENT_H_
