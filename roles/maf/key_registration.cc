// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/key_registration.h"

#include <algorithm>
#include <array>
#include <utility>

#include "onem2m/ascii.h"
#include "onem2m/key_derivation.h"
#include "onem2m/key_identifier.h"
#include "onem2m/random_octets.h"

namespace saef::maf {
namespace {

using onem2m::RequestPrimitive;
using onem2m::ResponsePrimitive;
using onem2m::ResponseStatusCode;

constexpr std::size_t kRelativeIdSize = 16;
// Each try is a fresh random number of 128 bits; a second one is never needed but for an exported
// identifier that is taken.
constexpr int kTries = 4;

std::string UpperHex(std::span<const std::uint8_t, kRelativeIdSize> octets,
                     const onem2m::Fqdn& fqdn) {
  const auto kc_id = onem2m::KcId::FromExport(octets, fqdn);
  return kc_id ? kc_id->relative() : std::string();
}

std::string DescribeKey(const KeyRecord& record) {
  onem2m::maf::KeyRegistrationResponse response;
  response.relative_key_id = record.relative_id;
  response.expiration_time = record.expires;
  response.suid = record.suid;
  response.target_ids = record.targets;
  if (record.source) {
    response.source_id = record.source->id;
  }
  return onem2m::maf::Write(response);
}

ResponsePrimitive Refuse(const RequestPrimitive& request, ResponseStatusCode status,
                         std::string_view text) {
  return text.empty() ? onem2m::RespondTo(request, status)
                      : onem2m::RespondWithText(request, status, text);
}

// TS-0003 8.x.5 step 5: may this source register a key for these targets? The first that it may
// not. `listed` ones are the key's already.
const std::string* FirstForbidden(const std::vector<std::string>& targets, const Client& source,
                                  const std::vector<std::string>& listed = {}) {
  const auto found = std::find_if(targets.begin(), targets.end(), [&](const std::string& target) {
    return !source.MayRegisterFor(target) &&
           std::find(listed.begin(), listed.end(), target) == listed.end();
  });
  return found == targets.end() ? nullptr : &*found;
}

std::string MayNot(const std::string& target) {
  return "targetIDs: this source may not register keys for " + target;
}

}  // namespace

Result<std::string> CanonicalRelativeId(std::string_view relative_id, const onem2m::Fqdn& fqdn) {
  if (relative_id.size() + 1 + fqdn.text().size() > onem2m::KcId::kMaxLength ||
      !onem2m::IsRelativeKeyIdentifier(relative_id)) {
    return onem2m::KcId::Make(relative_id, fqdn).error();
  }
  return onem2m::ascii::ToUpper(relative_id);
}

std::variant<KeyRecord, ResponsePrimitive> KeyRegistration::Prepare(RequestPrimitive& request,
                                                                    const Client& source,
                                                                    bindings::Session& session,
                                                                    onem2m::Time now) const {
  auto record = MakeRecord(request, source, session, now);
  if (const auto* refusal = std::get_if<Refusal>(&record)) {
    return Refuse(request, refusal->status, refusal->text);
  }
  return std::move(std::get<KeyRecord>(record));
}

ResponsePrimitive KeyRegistration::Register(const RequestPrimitive& request, KeyRecord& record,
                                            KeyTable& keys, onem2m::Time now) const {
  // TS-0003 8.x.5 step 10 comes before step 9: what is answered has been stored.
  if (const auto stored = Store(record, keys, now); !stored) {
    return Fail(request, stored.error());
  }
  ResponsePrimitive response = onem2m::RespondTo(request, ResponseStatusCode::kCreated);
  response.location =
      std::string(onem2m::maf::kKeyRetrievalPath.substr(1)) + "/" + record.relative_id;
  response.content = DescribeKey(record);
  return response;
}

ResponsePrimitive KeyRegistration::Fail(const RequestPrimitive& request,
                                        const boost::system::error_code& error) const {
  if (error == Error::kTooBusy) {
    return Refuse(request, ResponseStatusCode::kInternalServerError, "the MAF has too much to do");
  }
  if (error == Error::kTooManyKeys) {
    return Refuse(request, ResponseStatusCode::kOriginatorHasNoPrivilege,
                  "as many keys are registered as this source may have");
  }
  log_(bindings::LogLevel::kError, "a key can't be stored: " + error.message());
  return Refuse(request, ResponseStatusCode::kInternalServerError,
                "the MAF can't store the key now");
}

KeyRegistration::OrRefusal<KeyRecord> KeyRegistration::MakeRecord(RequestPrimitive& request,
                                                                  const Client& source,
                                                                  bindings::Session& session,
                                                                  onem2m::Time now) const {
  auto wish = onem2m::maf::ParseKeyRegistrationRequest(request.content);
  onem2m::Wipe(request.content);
  if (!wish) {
    return Refusal{ResponseStatusCode::kBadRequest,
                   "not a Key Registration request: " + wish.error().message()};
  }
  // Their form and number (8.x.5 step 3), and the SUID, the parser has checked.
  if (const auto* target = FirstForbidden(wish->target_ids, source)) {
    return Refusal{ResponseStatusCode::kOriginatorHasNoPrivilege, MayNot(*target)};
  }
  auto expires = Expiration(wish->expiration_time, now);
  if (auto* refusal = std::get_if<Refusal>(&expires)) {
    return std::move(*refusal);
  }
  auto key = TakeKey(std::move(wish->key), session);
  if (auto* refusal = std::get_if<Refusal>(&key)) {
    return std::move(*refusal);
  }
  KeyRecord record;
  record.relative_id = std::move(std::get<Key>(key).relative_id);
  record.key = std::move(std::get<Key>(key).value);
  record.suid = wish->suid;
  record.source_km_id = source.Name();
  record.source = source.entity;
  // TS-0003 8.x.5 step 7: the list of authorized Target End-Points is the one of the request.
  record.targets = std::move(wish->target_ids);
  record.expires = std::get<onem2m::Time>(expires);
  return record;
}

KeyRegistration::OrRefusal<onem2m::Time> KeyRegistration::Expiration(
    const std::optional<onem2m::Time>& wish, onem2m::Time now) const {
  if (!wish) {
    return now + lifetime_.standard;
  }
  if (*wish <= now) {
    return Refusal{ResponseStatusCode::kBadRequest,
                   "expirationTime: has passed; the MAF's time is " + onem2m::FormatTimestamp(now)};
  }
  return std::min(*wish, now + lifetime_.most);
}

// TS-0003 8.x.5 step 6: the source's own Kc, or the one exported from this very session.
KeyRegistration::OrRefusal<KeyRegistration::Key> KeyRegistration::TakeKey(
    std::optional<onem2m::Secret> own, bindings::Session& session) const {
  if (own) {
    auto relative_id = UnusedRelativeId();
    if (!relative_id) {
      return Refusal{ResponseStatusCode::kInternalServerError, "the MAF can't make an identifier"};
    }
    return Key{std::move(*relative_id), std::move(*own)};
  }
  const auto exported =
      session.ExportKeyingMaterial(onem2m::kConnectionExportLabel, onem2m::kExportLength);
  if (!exported && exported.error() == bindings::Error::kNoExtendedMasterSecret) {
    return Refusal{ResponseStatusCode::kBadRequest,
                   "no key can be exported from a session without extended master secret"
                   " (RFC 7627); send a keyValue"};
  }
  auto key = exported ? onem2m::SplitExport(exported->bytes())
                      : onem2m::Result<onem2m::ExportedKey>(onem2m::Error::kCryptography);
  if (!key) {
    return Refusal{ResponseStatusCode::kInternalServerError,
                   "the MAF can't export a key from this session"};
  }
  return Key{UpperHex(key->relative_id, fqdn_), std::move(key->key)};
}

// TS-0003 8.x.5 step 8: a previously-unused RelativeKcId. An exported one is kept unless it is
// taken; the source always goes by the response.
Result<void> KeyRegistration::Store(KeyRecord& record, KeyTable& keys, onem2m::Time now) const {
  for (int tries = 0; tries < kTries; ++tries) {
    const auto stored = keys.Insert(record, now, max_keys_per_client_);
    if (stored || stored.error() != Error::kIdentifierUsed) {
      return stored;
    }
    auto other = UnusedRelativeId();
    if (!other) {
      return other.error();
    }
    record.relative_id = std::move(*other);
  }
  return Error::kIdentifierUsed;
}

Result<std::string> KeyRegistration::UnusedRelativeId() const {
  std::array<std::uint8_t, kRelativeIdSize> random{};
  if (!onem2m::FillRandom(random)) {
    return Error::kCryptography;
  }
  return UpperHex(random, fqdn_);
}

ResponsePrimitive KeyRegistration::UpdateTargets(const RequestPrimitive& request,
                                                 std::string_view relative_id,
                                                 const Client& updater, KeyTable& keys,
                                                 onem2m::Time now) const {
  const auto update = onem2m::maf::ParseTargetListUpdate(request.content);
  if (!update) {
    return Refuse(request, ResponseStatusCode::kBadRequest,
                  "not a target list update: " + update.error().message());
  }
  auto found = FindFor(Purpose::kUpdateTargets, relative_id, updater, keys, now);
  if (const auto* refusal = std::get_if<Refusal>(&found)) {
    return Refuse(request, refusal->status, refusal->text);
  }
  KeyRecord& record = std::get<KeyRecord>(found);
  if (!onem2m::AllowsSeveralTargets(record.suid)) {
    return Refuse(request, ResponseStatusCode::kOperationNotAllowed,
                  "the target of a key for this suid can't be changed");
  }
  if (const auto* target = FirstForbidden(update->target_ids, updater, record.targets)) {
    return Refuse(request, ResponseStatusCode::kOriginatorHasNoPrivilege, MayNot(*target));
  }
  record.targets = update->target_ids;
  const auto replaced = keys.ReplaceTargets(relative_id, record.targets);
  if (!replaced) {
    return Fail(request, replaced.error());
  }
  if (*replaced == 0) {
    return onem2m::RespondTo(request, ResponseStatusCode::kNotFound);
  }
  ResponsePrimitive response = onem2m::RespondTo(request, ResponseStatusCode::kUpdated);
  response.content = DescribeKey(record);
  return response;
}

ResponsePrimitive KeyRegistration::Remove(const RequestPrimitive& request,
                                          std::string_view relative_id, const Client& source,
                                          KeyTable& keys, onem2m::Time now) const {
  const auto own = FindFor(Purpose::kRemove, relative_id, source, keys, now);
  if (const auto* refusal = std::get_if<Refusal>(&own)) {
    return Refuse(request, refusal->status, refusal->text);
  }
  const auto removed = keys.Remove(relative_id, now);
  if (!removed) {
    return Fail(request, removed.error());
  }
  return onem2m::RespondTo(
      request, *removed > 0 ? ResponseStatusCode::kDeleted : ResponseStatusCode::kNotFound);
}

// A key that this client registered, or whose target list it may update.
KeyRegistration::OrRefusal<KeyRecord> KeyRegistration::FindFor(Purpose purpose,
                                                               std::string_view relative_id,
                                                               const Client& client, KeyTable& keys,
                                                               onem2m::Time now) const {
  auto found = keys.Find(relative_id);
  if (!found) {
    log_(bindings::LogLevel::kError, "a key can't be read: " + found.error().message());
    return Refusal{ResponseStatusCode::kInternalServerError, "the MAF can't read the key now"};
  }
  if (!*found || (*found)->expires <= now) {
    return Refusal{ResponseStatusCode::kNotFound, {}};
  }
  const bool is_source = (*found)->source_km_id == client.Name();
  const bool may_update =
      purpose == Purpose::kUpdateTargets && client.MayUpdateTargetsOf((*found)->source);
  if (!is_source && !may_update) {
    return Refusal{ResponseStatusCode::kOriginatorHasNoPrivilege, {}};
  }
  return std::move(**found);
}

}  // namespace saef::maf
