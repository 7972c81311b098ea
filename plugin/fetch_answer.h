// SPDX-License-Identifier: GPL-3.0-or-later
//
// FetchAnswer: what came of asking a KeyIssuer for a key.
#ifndef SAEF_PLUGIN_FETCH_ANSWER_H_
#define SAEF_PLUGIN_FETCH_ANSWER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "plugin/key_record.h"
#include "saef/plugin.h"

namespace saef::plugin {

// Why there is no key: what is told apart in the statistics. The text beside it says more.
enum class FetchProblem {
  kNone,               // there is one, or the issuer knows none
  kExpired,            // SAEF_DENIED: its lifetime is over
  kSuid,               // … it is for another use
  kNotForUs,           // … the issuer says that we may not have it
  kBadAnswer,          // … the answer isn't as it must be
  kUnreachable,        // SAEF_UNAVAILABLE: no session, or it broke
  kCredentialRefused,  // … the issuer doesn't take our credential
  kTimedOut,           // … no answer in time
  kIssuerFailed,       // … the issuer answers that it can't
  kOurs,               // … a bound of ours, no memory, or we are closing
};
inline constexpr std::size_t kFetchProblems = static_cast<std::size_t>(FetchProblem::kOurs) + 1;

struct FetchAnswer {
  std::int32_t outcome = SAEF_UNAVAILABLE;  // or SAEF_KEY, SAEF_UNKNOWN, SAEF_DENIED
  std::optional<KeyRecord> record{};        // with SAEF_KEY
  FetchProblem why = FetchProblem::kOurs;
  // The issuer itself said that this key isn't, or isn't for us; so what rests on it ends.
  bool taken_back = false;
  // The issuer did answer, so a refusal is about this key and worth remembering.
  bool answered = false;
  std::string reason{};  // for the log, without anything secret; empty with SAEF_KEY
};

// The issuer answered, and we can't or may not use what it said.
inline FetchAnswer DenyKey(std::string reason, FetchProblem why = FetchProblem::kBadAnswer) {
  FetchAnswer answer;
  answer.outcome = SAEF_DENIED;
  answer.why = why;
  answer.answered = true;
  answer.reason = std::move(reason);
  return answer;
}

// The key, whose it is, and when it ends.
inline FetchAnswer GiveKey(onem2m::Secret key, std::shared_ptr<const Source> source,
                           TimePoint expires) {
  FetchAnswer answer;
  answer.outcome = SAEF_KEY;
  answer.why = FetchProblem::kNone;
  answer.answered = true;
  answer.record.emplace();
  answer.record->key = std::move(key);
  answer.record->facts.source = std::move(source);
  answer.record->facts.expires = expires;
  return answer;
}

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_FETCH_ANSWER_H_
