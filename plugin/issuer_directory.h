// SPDX-License-Identifier: GPL-3.0-or-later
//
// IssuerDirectory: which of the configured MAFs (TS-0003 8.2.2.3 step 8) and MEFs (8.3.2.1) an FQDN
// names. Made once, then only read: any thread, no lock, no allocation.
#ifndef SAEF_PLUGIN_ISSUER_DIRECTORY_H_
#define SAEF_PLUGIN_ISSUER_DIRECTORY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugin/octets16.h"

namespace saef::plugin {

class IssuerDirectory {
 public:
  // The FQDNs in lower case; no two are alike.
  explicit IssuerDirectory(const std::vector<std::string>& fqdns);

  static constexpr std::size_t kNone = SIZE_MAX;
  // Its place among them, or kNone. `fqdn` in lower case; compared exactly.
  std::size_t Find(std::string_view fqdn) const noexcept {
    if (sorted_.size() != 1) return FindAmongMany(fqdn);
    return sorted_.front().first == fqdn ? 0 : kNone;  // the only one, as almost everywhere
  }

  // How long what comes before the '@' is if a psk_identity ends with the first one's FQDN, which
  // mostly is the only one; 0 where it doesn't look so. A guess, which IsFirstAtEnd confirms.
  std::size_t GuessRelativeLength(std::span<const std::uint8_t> identity) const noexcept {
    if (identity.size() <= first_length_) return 0;
    const std::size_t guessed = identity.size() - first_length_;
    std::uint64_t begin_of_end = 0;
    std::memcpy(&begin_of_end, identity.data() + guessed, sizeof(begin_of_end));
    return begin_of_end == first_begin_ ? guessed : 0;
  }
  // Does one end so that a length was guessed for? To be asked of no other.
  bool IsFirstAtEnd(std::span<const std::uint8_t> identity) const noexcept {
    return endings_.front().LookAt(identity) == Answer::kYes;
  }

  // Whose '@' and FQDN, in whatever case, a psk_identity ends with, if a few comparisons tell.
  struct Ending {
    std::size_t issuer = kNone;
    std::size_t relative_length = 0;  // of what comes before the '@', where there is an issuer
    bool is_sure = true;              // false: there is none, as far as it was looked at
  };
  // The longest '@' and FQDN that it finds.
  static constexpr std::size_t kMostAtEnd = 3 * kOctets16;
  Ending FindAtEnd(std::span<const std::uint8_t> identity) const noexcept {
    bool is_sure = has_all_endings_;
    for (std::size_t i = 0; i < ending_count_; ++i) {
      switch (endings_[i].LookAt(identity)) {
        case Answer::kYes:
          return {i, identity.size() - endings_[i].length()};
        case Answer::kNo:
          break;
        case Answer::kUnclear:
          is_sure = false;
      }
    }
    return {.is_sure = is_sure};
  }

 private:
  enum class Answer { kYes, kNo, kUnclear };
  // '@' and an FQDN, to be compared sixteen octets at a time from the end of an identity on. The
  // first of these may begin before the '@', in what comes before; that isn't looked at.
  class AtFqdn {
   public:
    static constexpr std::size_t kMostLength = kMostAtEnd;

    // False where it is too long.
    bool Set(std::string_view fqdn) noexcept;
    std::size_t length() const noexcept { return length_; }
    // Does it end an identity in which something comes before?
    Answer LookAt(std::span<const std::uint8_t> identity) const noexcept {
      if (identity.size() <= length_) return Answer::kNo;
      if (identity.size() < size_) return Answer::kUnclear;
      const std::uint8_t* const begin = identity.data() + identity.size() - size_;
      // As it is written here, as almost all have it; otherwise in whatever case.
      const auto is_same = [&](const auto& fold) {
        Octets16 differs = (fold(LoadOctets16(begin)) ^ first_) & looked_at_;
        for (std::size_t i = kOctets16; i < size_; i += kOctets16) {
          differs |= fold(LoadOctets16(begin + i)) ^ LoadOctets16(text_.data() + i);
        }
        return IsZero(differs);
      };
      if (is_same([](Octets16 octets) { return octets; })) [[likely]]
        return Answer::kYes;
      return is_same(ToLower) ? Answer::kYes : Answer::kNo;
    }

   private:
    Octets16 first_{};
    Octets16 looked_at_{};  // of the first
    std::array<std::uint8_t, kMostLength> text_{};
    std::size_t size_ = 0;  // in whole sixteens
    std::size_t length_ = 0;
  };

  std::size_t FindAmongMany(std::string_view fqdn) const noexcept;

  // The first few, in the order of their places.
  std::array<AtFqdn, 4> endings_;
  std::size_t ending_count_ = 0;
  bool has_all_endings_ = false;
  // Of the first of them; SIZE_MAX where there is none, or a very short one.
  std::size_t first_length_ = SIZE_MAX;
  std::uint64_t first_begin_ = 0;

  std::vector<std::pair<std::string, std::size_t>> sorted_;
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_ISSUER_DIRECTORY_H_
