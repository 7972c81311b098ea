// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/entity-a/key_registration.h"

#include <utility>

#include "bindings/log.h"
#include "onem2m/key_derivation.h"

namespace saef::entity_a {
namespace {

using bindings::Quote;

Failure BadAnswer(std::string text) {
  return {Party::kMaf, FailureKind::kBadAnswer, "the MAF's answer: " + std::move(text), {}};
}

// As many random octets as give kKeyLength characters of base64: 192 bits in 32 octets.
onem2m::Result<onem2m::Secret> MakePrintableKey() {
  const auto random = onem2m::Secret::Random(onem2m::kKeyLength / 4 * 3);
  if (!random) {
    return random.error();
  }
  std::string text = random->ToBase64();
  auto key =
      onem2m::Secret::Copy({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  onem2m::Wipe(text);
  return key;
}

// TS-0003 8.x.5 step 2: Kc, exported from the session that stands or made here.
Outcome<onem2m::Secret> MakeKey(KeySource source, bindings::Client& maf) {
  if (source != KeySource::kExported) {
    auto key = source == KeySource::kPrintable ? MakePrintableKey()
                                               : onem2m::Secret::Random(onem2m::kKeyLength);
    if (!key) {
      return MakeFailure(Party::kSelf, key.error(), "making a key");
    }
    return std::move(*key);
  }
  const auto exported =
      maf.ExportKeyingMaterial(onem2m::kConnectionExportLabel, onem2m::kExportLength);
  if (!exported) {
    return MakeFailure(Party::kMaf, exported.error(), "exporting a key from the session");
  }
  auto split = onem2m::SplitExport(exported->bytes());
  if (!split) {
    return MakeFailure(Party::kSelf, split.error(), "splitting the exported key");
  }
  // The RelativeKcId is the one that the MAF answers (step 8): the exported one may be taken.
  return std::move(split->key);
}

// TS-0003 8.x.5 steps 3 and 4.
Outcome<onem2m::RequestPrimitive> Compose(const Configuration& configuration,
                                          const bindings::Uri& registration,
                                          const onem2m::Secret& key) {
  onem2m::maf::KeyRegistrationRequest wish;
  wish.suid = onem2m::Suid::kMafSaef;
  wish.target_ids = {configuration.cse_id.Absolute()};
  if (configuration.key_source != KeySource::kExported) {
    auto copy = key.Clone();
    if (!copy) {
      return MakeFailure(Party::kSelf, copy.error(), "copying a key");
    }
    wish.key = std::move(*copy);
  }
  if (configuration.lifetime) {
    wish.expiration_time = onem2m::Now() + *configuration.lifetime;
  }
  onem2m::RequestPrimitive request;
  request.operation = onem2m::Operation::kCreate;
  request.resource_type = onem2m::maf::kKeyResourceType;
  request.to = registration.path.substr(1);
  request.from = configuration.originator;
  request.request_identifier = "key-registration";
  request.release_version = "3";
  request.content = onem2m::maf::Write(wish);
  return request;
}

std::string Describe(const onem2m::ResponsePrimitive& response) {
  std::string text = std::to_string(onem2m::Number(response.status)) + " " +
                     std::string(onem2m::Name(response.status));
  return response.content.empty() ? text : text + " " + Quote(response.content);
}

}  // namespace

onem2m::Result<RegisteredKey> RegisteredKey::Clone() const {
  auto copy = kc.Clone();
  if (!copy) {
    return copy.error();
  }
  return RegisteredKey{kc_id, std::move(*copy), registered, expires};
}

std::optional<std::string> FaultOf(const onem2m::maf::KeyRegistrationResponse& answer,
                                   const Configuration& configuration, onem2m::Time now) {
  if (answer.expiration_time <= now) {
    return "the key has expired at " + onem2m::FormatTimestamp(answer.expiration_time) +
           "; the time here is " + onem2m::FormatTimestamp(now);
  }
  if (answer.suid != onem2m::Suid::kMafSaef) {
    return "suid " + std::to_string(static_cast<int>(answer.suid)) + " instead of 32";
  }
  if (answer.target_ids != std::vector{configuration.cse_id.Absolute()}) {
    return "other targets than " + configuration.cse_id.Absolute();
  }
  if (configuration.entity_id && answer.source_id &&
      *answer.source_id != *configuration.entity_id) {
    return "the MAF takes this entity for " + Quote(*answer.source_id);
  }
  return std::nullopt;
}

Outcome<RegisteredKey> RegisterKey(const Configuration& configuration,
                                   const bindings::Uri& registration, bindings::Client& maf) {
  // TS-0003 8.x.5 step 1. The session must stand before the key is exported from it.
  if (const auto connected = maf.Connect(); !connected) {
    return MakeFailure(Party::kMaf, connected.error(), "opening a session");
  }
  const std::uint64_t session = maf.sessions_established();
  auto key = MakeKey(configuration.key_source, maf);
  if (!key) {
    return key.error();
  }
  auto request = Compose(configuration, registration, *key);
  if (!request) {
    return request.error();
  }
  const auto response = maf.SendAndWait(std::move(*request), configuration.timeout);
  if (!response) {
    return MakeFailure(Party::kMaf, response.error(), "registering a key");
  }
  if (response->status != onem2m::ResponseStatusCode::kCreated) {
    return Failure{Party::kMaf, FailureKind::kRefused,
                   "the MAF refuses to register a key: " + Describe(*response), response->status};
  }
  // A request that travelled in another session than the key was exported from gave another key.
  if (maf.sessions_established() != session && configuration.key_source == KeySource::kExported) {
    return Failure{Party::kMaf,
                   FailureKind::kUnreachable,
                   "the session with the MAF ended while a key was registered",
                   {}};
  }
  const auto answer = onem2m::maf::ParseKeyRegistrationResponse(response->content);
  if (!answer) {
    return BadAnswer(answer.error().message());
  }
  const onem2m::Time now = onem2m::Now();
  if (auto fault = FaultOf(*answer, configuration, now)) {
    return BadAnswer(std::move(*fault));
  }
  // TS-0003 10.3.5: KcId = RelativeKcId '@' MAF-FQDN.
  auto kc_id = onem2m::KcId::Make(answer->relative_key_id, *configuration.maf_fqdn);
  if (!kc_id) {
    return BadAnswer("the RelativeKcId makes no KcId: " + kc_id.error().message());
  }
  return RegisteredKey{std::move(*kc_id), std::move(*key), now, answer->expiration_time};
}

}  // namespace saef::entity_a
