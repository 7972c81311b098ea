// SPDX-License-Identifier: GPL-3.0-or-later
//
// PackedFacts: KeyFacts in one piece of memory that the KeyCache and the associations share: a
// Source and the strings in it take three times as much. Made once, then only read; a copy is the
// same piece, which goes with the last of them.
//
// Threads: copies are independent, each one's as any object is.
#ifndef SAEF_PLUGIN_PACKED_FACTS_H_
#define SAEF_PLUGIN_PACKED_FACTS_H_

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/smart_ptr/intrusive_ptr.hpp>
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
  // `as_sent` and `canonical`: of the identity, for the KeyCache, 255 octets at most; left out
  // where they are empty. Throws std::bad_alloc, std::length_error.
  PackedFacts(const KeyFacts& facts, std::string_view as_sent, std::string_view canonical);
  PackedFacts(const KeyFacts& facts)  // NOLINT(google-explicit-constructor): it is the same
      : PackedFacts(facts, {}, {}) {}

  explicit operator bool() const noexcept { return head_ != nullptr; }
  std::string_view as_sent() const noexcept { return Text(0); }
  std::string_view canonical() const noexcept { return Text(1); }
  // The rest is of what is something.
  TimePoint expires() const noexcept { return head_->expires; }
  // As Source has them.
  std::string_view credential_id() const noexcept { return Text(2); }
  bool is_unresolved() const noexcept { return head_->kind == Kind::kUnresolved; }
  // Calls `visit` with each AE-ID that the source may have, Absolute.
  template <typename Visit>
  void VisitAes(const Visit& visit) const {
    if (head_->kind != Kind::kAe && head_->kind != Kind::kAeList) return;
    for (std::string_view rest = Text(3); !rest.empty();) {
      const std::size_t end = std::min(rest.find(kBetween), rest.size());
      visit(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  // Made anew each time. Throws std::bad_alloc.
  std::shared_ptr<const Source> MakeSource() const;

  // A word of its users' on the piece; 0 at first.
  std::uint64_t mark() const noexcept { return head_->mark.load(std::memory_order_relaxed); }
  void SetMark(std::uint64_t mark) const noexcept {
    head_->mark.store(mark, std::memory_order_relaxed);
  }
  // Another, for the hash of the name that its users know it by; 0 at first.
  std::uint32_t name_hash() const noexcept {
    return head_->name_hash.load(std::memory_order_relaxed);
  }
  void SetNameHash(std::uint32_t hash) const noexcept {
    head_->name_hash.store(hash, std::memory_order_relaxed);
  }

 private:
  enum class Kind : std::uint8_t { kUnresolved, kAe, kCse, kAeList };
  // as_sent, canonical, credential, entity: an AE-ID or CSE-ID, or AE-IDs with kBetween between
  // them, which no identifier has.
  static constexpr std::size_t kTexts = 4;
  static constexpr std::size_t kOfIdentity = 2;  // the first of them
  static constexpr char kBetween = '\n';
  // Stands before the texts.
  struct Head {
    mutable std::atomic<std::uint32_t> users{0};
    std::array<std::uint32_t, kTexts - kOfIdentity> other_lengths{};
    std::array<std::uint8_t, kOfIdentity> identity_lengths{};
    Kind kind = Kind::kUnresolved;
    std::uint8_t suid = 0;
    mutable std::atomic<std::uint32_t> name_hash{0};
    TimePoint expires{};
    mutable std::atomic<std::uint64_t> mark{0};

    std::size_t length(std::size_t which) const noexcept {
      return which < kOfIdentity ? identity_lengths[which] : other_lengths[which - kOfIdentity];
    }

    static void Free(const Head* head) noexcept;
    friend void intrusive_ptr_add_ref(const Head* head) noexcept {
      head->users.fetch_add(1, std::memory_order_relaxed);
    }
    friend void intrusive_ptr_release(const Head* head) noexcept {
      if (head->users.fetch_sub(1, std::memory_order_acq_rel) == 1) Free(head);
    }
  };

  std::string_view Text(std::size_t which) const noexcept {
    if (head_ == nullptr) return {};
    const auto* from = reinterpret_cast<const char*>(head_.get() + 1);
    for (std::size_t i = 0; i < which; ++i) from += head_->length(i);
    return {from, head_->length(which)};
  }

  boost::intrusive_ptr<const Head> head_;
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_PACKED_FACTS_H_
