// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/filled_store.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <numeric>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "onem2m/key_identifier.h"
#include "onem2m/timestamp.h"
#include "roles/maf/sqlite_key_store.h"

namespace saef::bench {
namespace {

constexpr std::chrono::hours kLifetime{7 * 24};

std::span<const std::uint8_t> Octets(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

constexpr std::size_t kKeysOfTransaction = 10000;

maf::Result<maf::KeyRecord> RecordOf(const KeyIds& ids, std::size_t i, onem2m::Time now) {
  maf::KeyRecord record;
  record.targets = {"//sp.example.com/cse1"};
  record.expires = now + kLifetime;
  auto kc = onem2m::Secret::Copy(Octets(KeyOf(ids.text(i))));
  if (!kc) return kc.error();
  record.relative_id = std::string(ids.text(i).substr(0, KeyIds::kRelativeLength));
  record.key = std::move(*kc);
  const auto source = onem2m::KmId::Parse(SourceKmId(i));
  if (!source) return source.error();
  record.source_km_id = source->Canonical();
  record.source = maf::Entity{SourceAeId(i), onem2m::EntityKind::kAe};
  return record;
}

// In the order of the table, where each has its place beside the one before.
std::vector<std::size_t> InOrder(const KeyIds& ids) {
  std::vector<std::size_t> order(ids.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&ids](std::size_t a, std::size_t b) { return ids.text(a) < ids.text(b); });
  return order;
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
  const onem2m::Time now = onem2m::Now();
  const std::vector<std::size_t> order = InOrder(ids);
  maf::Result<void> stored;
  for (std::size_t first = 0; first < order.size() && stored; first += kKeysOfTransaction) {
    const std::size_t end = std::min(order.size(), first + kKeysOfTransaction);
    std::promise<maf::Result<void>> committed;
    std::get<0>(opened)->Write(
        [&](maf::KeyTable& keys) {
          for (std::size_t i = first; i < end && stored; ++i) {
            const auto record = RecordOf(ids, order[i], now);
            stored = record ? keys.Insert(*record, now, kKeysOfSource) : record.error();
          }
          return stored.has_value();
        },
        [&committed](const maf::Result<void>& result) { committed.set_value(result); });
    const auto result = committed.get_future().get();
    if (stored) stored = result;
  }
  if (!stored) return "the store can't be filled: " + stored.error().message();
  return std::nullopt;
}

}  // namespace saef::bench
