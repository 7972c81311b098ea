// SPDX-License-Identifier: GPL-3.0-or-later
//
// A psk_identity is told in two ways: by its end, at once, as almost all are (IssuerDirectory::
// FindAtEnd and, sooner, GuessRelativeLength; CachedName::Fold), and taken apart (PskIdentity).
// Both have to tell the same; for tests and a fuzzer.
#ifndef SAEF_PLUGIN_TEST_BOTH_WAYS_H_
#define SAEF_PLUGIN_TEST_BOTH_WAYS_H_

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>

#include "plugin/cached_name.h"
#include "plugin/issuer_directory.h"
#include "plugin/psk_identity.h"

namespace saef::plugin {

// Where the two ways tell of different keys, what differs; else nothing.
inline std::string WhatDiffers(const IssuerDirectory& directory,
                               std::span<const std::uint8_t> octets) {
  if (octets.size() > PskIdentity::kMaxLength) return {};
  const PskIdentity identity(octets);
  const IssuerDirectory::Ending ending = directory.FindAtEnd(octets);
  const std::size_t guessed = directory.GuessRelativeLength(octets);
  const bool is_first = guessed > 0 && directory.IsFirstAtEnd(octets);
  if (is_first && ending.issuer != 0) return "the guessed issuer";
  if (is_first && ending.relative_length != guessed) return "the guessed length";
  const bool is_kc_id = identity.shape() == PskIdentity::Shape::kKcId;
  const std::size_t issuer = is_kc_id ? directory.Find(identity.fqdn()) : IssuerDirectory::kNone;
  if (ending.issuer == IssuerDirectory::kNone) {
    return ending.is_sure && issuer != IssuerDirectory::kNone ? "an issuer isn't seen" : "";
  }
  if (ending.relative_length == 0 || ending.relative_length >= octets.size()) return "no length";
  // What has a NUL is never in the cache: the two needn't tell the same of it.
  if (std::count(octets.begin(), octets.end(), 0) > 0) return {};
  if (issuer != ending.issuer) return "the issuer";
  if (identity.relative().size() != ending.relative_length) return "the length";
  if (ending.relative_length > CachedName::kRoom) return {};
  const CachedName name(identity.canonical_relative(), issuer);
  const CachedName folded = CachedName::Fold(octets.data(), ending.relative_length, issuer);
  if (folded.words() != name.words() || folded.relative() != name.relative()) return "the name";
  return folded.hash() == name.hash() ? "" : "the hash";
}

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_TEST_BOTH_WAYS_H_
