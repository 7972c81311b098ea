// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/plugin_families.h"

#include <algorithm>

namespace saef::cse {
namespace {

using statistics::CounterFamily;
using statistics::Families;
using statistics::GaugeFamily;
using statistics::Sample;

Sample Is(std::uint64_t value) { return statistics::Plain(static_cast<double>(value)); }
Sample ByOutcome(const char* outcome, std::uint64_t value) {
  return statistics::With("outcome", outcome, static_cast<double>(value));
}
Sample ByReason(const char* reason, std::uint64_t value) {
  return statistics::With("reason", reason, static_cast<double>(value));
}

prometheus::MetricFamily LookUps(const saef_statistics& s, bool knows_reasons) {
  std::vector<Sample> samples{ByOutcome("hit", s.hits), ByOutcome("not_mine", s.not_mine),
                              ByOutcome("invalid", s.invalid)};
  if (knows_reasons) {
    samples.push_back(ByOutcome("pending", s.lookups_pending));
    samples.push_back(ByOutcome("unknown", s.lookups_unknown));
    samples.push_back(ByOutcome("denied", s.lookups_denied));
    samples.push_back(ByOutcome("unavailable", s.lookups_unavailable));
  }
  return CounterFamily("saef_plugin_lookups_total",
                       "Key look-ups, by their answer; pending: the MAF is being asked.",
                       std::move(samples));
}

// What all of version 1 count.
Families OfTheFirst(const saef_statistics& s) {
  return {
      CounterFamily("saef_plugin_refusals_remembered_total",
                    "Look-ups refused from memory, without asking the MAF again.",
                    {Is(s.refusals_remembered)}),
      CounterFamily("saef_plugin_key_retrievals_begun_total",
                    "Questions for a key to a MAF or MEF.", {Is(s.fetches)}),
      CounterFamily(
          "saef_plugin_key_retrievals_total",
          "Questions for a key that have ended, by what came of them.",
          {ByOutcome("key", s.fetches_key), ByOutcome("unknown", s.fetches_unknown),
           ByOutcome("denied", s.fetches_denied), ByOutcome("unavailable", s.fetches_unavailable)}),
      GaugeFamily("saef_plugin_key_retrievals_in_flight", "Questions for a key under way.",
                  {Is(s.fetches_in_flight)}),
      GaugeFamily("saef_plugin_waiters", "Look-ups that wait for an answer.", {Is(s.waiters)}),
      GaugeFamily("saef_plugin_keys_cached", "Keys in the cache.", {Is(s.keys_cached)}),
      CounterFamily("saef_plugin_keys_removed_total",
                    "Keys that left the cache; evicted: there was no more room.",
                    {ByReason("expired", s.keys_expired), ByReason("evicted", s.keys_evicted),
                     ByReason("withdrawn", s.keys_withdrawn)}),
      GaugeFamily("saef_plugin_associations", "Open security associations.", {Is(s.associations)}),
      CounterFamily(
          "saef_plugin_associations_ended_total",
          "Security associations ended by the plugin: their key expired or was withdrawn.",
          {Is(s.associations_ended)}),
      CounterFamily("saef_plugin_originator_checks_total", "Originator checks.", {Is(s.checks)}),
      CounterFamily("saef_plugin_originator_checks_refused_total",
                    "Originator checks that ended in a refusal.", {Is(s.checks_refused)}),
      CounterFamily("saef_plugin_maf_sessions_total", "Sessions opened to MAFs and MEFs.",
                    {Is(s.maf_sessions)}),
      GaugeFamily("saef_plugin_observations", "Keys whose end a MAF will tell.",
                  {Is(s.observations)}),
      CounterFamily("saef_plugin_enrolments_total", "Enrolments at an MEF that succeeded.",
                    {Is(s.enrolments)}),
  };
}

// Since 1.2.
Families Reasons(const saef_statistics& s) {
  bindings::LatencyHistogram::Reading retrievals;
  std::copy(std::begin(s.retrieval_buckets), std::end(s.retrieval_buckets),
            retrievals.buckets.begin());
  retrievals.count = s.retrieval_count;
  retrievals.sum_us = s.retrieval_sum_us;
  return {
      CounterFamily("saef_plugin_lookup_misses_total", "Look-ups for which a MAF had to be asked.",
                    {Is(s.misses)}),
      CounterFamily(
          "saef_plugin_lookups_unavailable_total",
          "Look-ups refused unasked; left_alone: the MAF failed or refused too often; bound: too "
          "many questions or waiters.",
          {ByReason("left_alone", s.lookups_left_alone), ByReason("bound", s.lookups_bound)}),
      CounterFamily(
          "saef_plugin_key_retrievals_denied_total",
          "Answers of a MAF that gave no usable key, by the reason.",
          {ByReason("expired", s.fetches_denied_expired), ByReason("suid", s.fetches_denied_suid),
           ByReason("not_for_us", s.fetches_denied_not_for_us),
           ByReason("bad_answer", s.fetches_denied_bad_answer)}),
      CounterFamily("saef_plugin_key_retrievals_unavailable_total",
                    "Questions for a key without an answer about it, by the reason.",
                    {ByReason("unreachable", s.fetches_unreachable),
                     ByReason("credential_refused", s.fetches_credential_refused),
                     ByReason("timeout", s.fetches_timed_out),
                     ByReason("failed_at_maf", s.fetches_failed_at_maf)}),
      GaugeFamily("saef_plugin_key_retrievals_queued",
                  "Of the questions under way, those beyond what a session carries at a time.",
                  {Is(s.fetches_queued)}),
      GaugeFamily("saef_plugin_refusals_kept", "Refusals remembered.", {Is(s.refusals_kept)}),
      GaugeFamily("saef_plugin_issuers", "MAFs and MEFs configured.", {Is(s.issuers)}),
      GaugeFamily("saef_plugin_issuers_left_alone",
                  "MAFs and MEFs that failed and aren't asked as yet.", {Is(s.issuers_left_alone)}),
      statistics::HistogramFamily("saef_plugin_key_retrieval_seconds",
                                  "How long a MAF or MEF took to answer for a key.", retrievals),
  };
}

}  // namespace

Families PluginFamilies(const saef_api& api, saef_instance* instance) {
  saef_statistics s{};
  s.size = sizeof(s);
  if (api.statistics(instance, &s) != SAEF_DONE) return {};
  const bool knows_reasons = api.abi_minor >= 2;
  Families families{LookUps(s, knows_reasons)};
  statistics::Append(families, OfTheFirst(s));
  if (knows_reasons) statistics::Append(families, Reasons(s));
  return families;
}

}  // namespace saef::cse
