// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/filled_store.h"

#include <chrono>
#include <memory>
#include <span>
#include <utility>
#include <variant>

#include "onem2m/key_identifier.h"
#include "onem2m/timestamp.h"
#include "roles/maf/sqlite_key_store.h"

namespace saef::bench {
namespace {

constexpr std::chrono::hours kLifetime{7 * 24};

std::span<const std::uint8_t> Octets(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

std::string KeyOf(std::string_view kc_id) {
  return std::string(kc_id.substr(0, KeyIds::kRelativeLength));
}

std::string SourceName(std::size_t i) { return "ae" + std::to_string(i / kKeysOfSource); }
std::string SourceStem(std::size_t i) { return "C" + SourceName(i); }
std::string SourceKmId(std::size_t i) { return SourceName(i) + "@" + std::string(kMafFqdn); }
std::string SourceAeId(std::size_t i) { return "//sp.example.com/cse1/" + SourceStem(i); }

std::optional<std::string> FillStore(const std::string& file, const std::string& store_key,
                                     const KeyIds& ids) {
  auto key = onem2m::Secret::FromHex(store_key);
  const auto fqdn = onem2m::Fqdn::Parse(kMafFqdn);
  if (!key || !fqdn) return "the store's key isn't one";
  auto opened = maf::SqliteKeyStore::Open(file, std::move(*key), *fqdn);
  if (auto* const problem = std::get_if<std::string>(&opened)) return std::move(*problem);
  maf::SqliteKeyStore& store = *std::get<0>(opened);
  const onem2m::Time now = onem2m::Now();
  maf::KeyRecord record;
  record.targets = {"//sp.example.com/cse1"};
  record.expires = now + kLifetime;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    auto kc = onem2m::Secret::Copy(Octets(KeyOf(ids.text(i))));
    if (!kc) return kc.error().message();
    record.relative_id = std::string(ids.text(i).substr(0, KeyIds::kRelativeLength));
    record.key = std::move(*kc);
    const auto source = onem2m::KmId::Parse(SourceKmId(i));
    if (!source) return source.error().message();
    record.source_km_id = source->Canonical();
    record.source = maf::Entity{SourceAeId(i), onem2m::EntityKind::kAe};
    const auto stored = store.Insert(record, now, kKeysOfSource);
    if (!stored) return "key " + std::to_string(i) + ": " + stored.error().message();
  }
  return std::nullopt;
}

}  // namespace saef::bench
