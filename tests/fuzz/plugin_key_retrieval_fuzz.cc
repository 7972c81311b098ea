// SPDX-License-Identifier: GPL-3.0-or-later
//
// CheckKeyRetrieval and CheckCredentialFetch on any content of a MAF's or MEF's answer. The first
// octet chooses the status.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "plugin/credential_fetch_check.h"
#include "plugin/key_retrieval_check.h"

namespace {

constexpr std::string_view kKeId = "0123456789ABCDEF0123456789ABCDEF@mef.example.com";

void CheckFetch(saef::onem2m::ResponsePrimitive response, const saef::onem2m::CseId& own,
                saef::plugin::TimePoint now) {
  static const saef::plugin::PskIdentity ke_id(
      {reinterpret_cast<const std::uint8_t*>(kKeId.data()), kKeId.size()});
  const auto status = response.status;
  const auto answer = saef::plugin::CheckCredentialFetch(response, {ke_id, own, now});
  const bool is_key = answer.outcome == SAEF_KEY;
  if (is_key != answer.record.has_value() || !response.content.empty()) std::abort();
  if (!is_key) return;
  const auto& facts = answer.record->facts;
  if (facts.source->credential_id.empty() || facts.expires <= now) std::abort();
  if (answer.record->key.size() != 32) std::abort();
  if (status != saef::onem2m::ResponseStatusCode::kOk) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using saef::onem2m::ResponseStatusCode;
  static const auto maf = saef::onem2m::Fqdn::Parse("maf.example.com").value();
  static const auto own = saef::onem2m::CseId::ParseAbsolute("//sp.example.com/cse1").value();
  static constexpr std::array kStatus = {
      ResponseStatusCode::kOk, ResponseStatusCode::kNotFound, ResponseStatusCode::kCreated,
      ResponseStatusCode::kOriginatorHasNoPrivilege, ResponseStatusCode::kInternalServerError};
  if (size == 0) return 0;
  saef::onem2m::ResponsePrimitive response;
  response.status = kStatus[data[0] % kStatus.size()];
  response.content.assign(reinterpret_cast<const char*>(data + 1), size - 1);
  const saef::plugin::TimePoint now{std::chrono::hours(1000)};
  CheckFetch(response, own, now);
  const auto answer = saef::plugin::CheckKeyRetrieval(
      response, {maf, own, now, saef::onem2m::Time(std::chrono::seconds(1900000000))});
  const bool is_key = answer.outcome == SAEF_KEY;
  if (is_key != answer.record.has_value() || !response.content.empty()) std::abort();
  if (!is_key) return 0;
  const auto& facts = answer.record->facts;
  const bool named = facts.source->ae() != nullptr || facts.source->cse() != nullptr ||
                     !facts.source->credential_id.empty();
  const std::size_t key_size = answer.record->key.size();
  if (!named || facts.expires <= now || key_size < 16 || key_size > 64) std::abort();
  if (response.status != ResponseStatusCode::kOk) std::abort();
  return 0;
}
