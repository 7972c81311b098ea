// SPDX-License-Identifier: GPL-3.0-or-later
//
// PackedFacts: what the KeyCache knows of a key beside the key and its end, in one piece of memory:
// a Source and the strings in it take three times as much, and are needed once for each association
// only. Made once, then only read.
#ifndef SAEF_PLUGIN_PACKED_FACTS_H_
#define SAEF_PLUGIN_PACKED_FACTS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "plugin/key_record.h"

namespace saef::plugin {

class PackedFacts {
 public:
  // Nothing: what an unused place of a table has.
  PackedFacts() noexcept = default;
  // `as_sent` and `canonical`: of the identity; left out where they are empty. Throws
  // std::bad_alloc.
  PackedFacts(const Source& source, std::string_view as_sent, std::string_view canonical);

  explicit operator bool() const noexcept { return octets_ != nullptr; }
  std::string_view as_sent() const noexcept { return Text(0); }
  std::string_view canonical() const noexcept { return Text(1); }
  // Made anew each time. Throws std::bad_alloc.
  std::shared_ptr<const Source> MakeSource() const;

 private:
  enum class Kind : std::uint8_t { kUnresolved, kAe, kCse, kAeList };
  // as_sent, canonical, credential, entity
  static constexpr std::size_t kTexts = 4;
  // Stands before the texts.
  struct Head {
    std::array<std::uint32_t, kTexts> lengths;
    Kind kind;
    std::uint8_t suid;
  };

  const Head& head() const noexcept;
  std::string_view Text(std::size_t which) const noexcept;

  std::unique_ptr<std::byte[]> octets_;
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_PACKED_FACTS_H_
