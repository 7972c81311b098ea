// SPDX-License-Identifier: GPL-3.0-or-later
//
// A MAF's store with many keys in it, without their having been registered one by one.
#ifndef SAEF_TESTS_BENCH_FILLED_STORE_H_
#define SAEF_TESTS_BENCH_FILLED_STORE_H_

#include <optional>
#include <string>
#include <string_view>

#include "tests/bench/key_ids.h"

namespace saef::bench {

// One source has so many of the keys.
inline constexpr std::size_t kKeysOfSource = 1000;

// The key that is stored under a KcId: 32 octets.
std::string KeyOf(std::string_view kc_id);
// The AE that is the source of key number i: its name (before '@') as the MAF's client, and the
// AE-ID stem that it has at cse1.
std::string SourceName(std::size_t i);
std::string SourceStem(std::size_t i);
// Its KmId; and the Absolute AE-ID.
std::string SourceKmId(std::size_t i);
std::string SourceAeId(std::size_t i);

// Makes the file and stores in it each of `ids` with a key for //sp.example.com/cse1 that lives for
// a week. `store_key`: 64 hexadecimal digits. A sentence where that fails.
std::optional<std::string> FillStore(const std::string& file, const std::string& store_key,
                                     const KeyIds& ids);

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_FILLED_STORE_H_
