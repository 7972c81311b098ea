// SPDX-License-Identifier: GPL-3.0-or-later
//
// PskIdentity: a psk_identity from the network, taken apart as far as the plugin's tables need it:
// RelativeKcId '@' MAF-FQDN (TS-0003 10.3.5), split at the last '@'. Lives on the stack; making one
// allocates nothing.
//
// Two texts come of it, because a MAF may compare RelativeKcId with or without case:
//   canonical  upper-case relative part, lower-case FQDN: names the key in the cache
//   as_sent    relative part as the client sent it, lower-case FQDN: names a question to the MAF
//              and a refusal, so that nobody's misspelling stands in for somebody else's KcId
#ifndef SAEF_PLUGIN_PSK_IDENTITY_H_
#define SAEF_PLUGIN_PSK_IDENTITY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace saef::plugin {

class PskIdentity {
 public:
  static constexpr std::size_t kMaxLength = 128;  // RFC 4279 5.3

  enum class Shape {
    kInvalid,  // empty, too long, or with a NUL, which TLS libraries take for its end
    kOther,    // some identity, without the shape RelativeKcId '@' FQDN
    kKcId,     // something '@' something; whether the FQDN is a MAF's, a IssuerDirectory knows
  };

  explicit PskIdentity(std::span<const std::uint8_t> octets) noexcept;

  Shape shape() const noexcept { return shape_; }
  // The rest has meaning for kKcId only, and is empty otherwise.
  std::string_view as_sent() const noexcept { return {as_sent_.data(), length_}; }
  std::string_view canonical() const noexcept { return {canonical_.data(), length_}; }
  std::string_view canonical_relative() const noexcept { return canonical().substr(0, at_); }
  std::string_view relative() const noexcept { return as_sent().substr(0, at_); }
  std::string_view fqdn() const noexcept { return length_ ? as_sent().substr(at_ + 1) : as_sent(); }
  // Is the relative part one that a MAF may have given (TS-0003 12.2 sec:relKeyID)?
  bool relative_is_well_formed() const noexcept;

 private:
  bool Fold(std::size_t length, std::size_t at) noexcept;

  Shape shape_ = Shape::kInvalid;
  std::size_t length_ = 0;
  std::size_t at_ = 0;
  // Read and written sixteen at a time, so up to fifteen octets beyond the end.
  static constexpr std::size_t kSpare = 16;
  // Not initialised: what isn't used would take longer than what is.
  std::array<char, kMaxLength + kSpare> as_sent_;
  std::array<char, kMaxLength + kSpare> canonical_;
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_PSK_IDENTITY_H_
