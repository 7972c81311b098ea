// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a host hands in through plugin.h, taken over: pointer and length as views, and structures
// that may be those of a host with an older header. Pure; nothing is read beyond what `size` and
// the lengths say.
#ifndef SAEF_PLUGIN_ABI_ARGUMENTS_H_
#define SAEF_PLUGIN_ABI_ARGUMENTS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "saef/plugin.h"

namespace saef::plugin {

// No path is longer, and no identifier of oneM2M comes near it.
inline constexpr std::size_t kMaxText = 64 * 1024;
// No certificate of the profile (TS-0003 10.1.1) comes near these.
inline constexpr std::size_t kMaxCertificates = 16;
inline constexpr std::size_t kMaxCertificate = 64 * 1024;

// A pointer may be null where the length is 0.
template <typename T>
bool IsBytes(const T* data, std::size_t length) {
  return data != nullptr || length == 0;
}
inline bool IsText(const char* text, std::size_t length) {
  return IsBytes(text, length) && length <= kMaxText;
}
inline std::string_view View(const char* text, std::size_t length) {
  return length == 0 ? std::string_view() : std::string_view(text, length);
}
inline std::string_view View(const saef_bytes& bytes) {
  return View(reinterpret_cast<const char*>(bytes.data), bytes.length);
}
inline std::span<const std::uint8_t> Octets(const std::uint8_t* data, std::size_t length) {
  return length == 0 ? std::span<const std::uint8_t>() : std::span(data, length);
}

// What structures of 1.0 held, which is what each host's hold at least.
template <typename T>
inline constexpr std::size_t kSizeOf1_0 = sizeof(T);
template <>
inline constexpr std::size_t kSizeOf1_0<saef_peer> = offsetof(saef_peer, public_key);
template <>
inline constexpr std::size_t kSizeOf1_0<saef_association_description> =
    offsetof(saef_association_description, allowed_ids);
template <>
inline constexpr std::size_t kSizeOf1_0<saef_request> = offsetof(saef_request, app_id);

// Does the host's structure hold at least what each version's does?
template <typename T>
bool IsWhole(const T* structure) {
  return structure != nullptr && structure->size >= kSizeOf1_0<T>;
}

// The host's structure as this version knows it; what an older host's lacks is zero. `size` is that
// of the host's.
template <typename T>
T TakeOver(const T& structure) {
  if (structure.size >= sizeof(T)) [[likely]]
    return structure;
  T taken{};
  std::memcpy(&taken, &structure, structure.size);
  return taken;
}

// The psk_identity where a peer is known by that alone; else nothing. `peer` is whole.
inline std::span<const std::uint8_t> OnlyPskIdentity(const saef_peer& peer) {
  const bool has_public_key = SAEF_HAS(saef_peer, &peer, public_key) && peer.public_key.length > 0;
  const bool only = peer.certificate_count == 0 && !has_public_key &&
                    peer.psk_identity.data != nullptr &&
                    peer.psk_identity.length <= kMaxCertificate;
  return only ? std::span(peer.psk_identity.data, peer.psk_identity.length)
              : std::span<const std::uint8_t>();
}

// Exactly one of the three, and not beyond the bounds. `peer` is taken over.
bool IsPeer(const saef_peer& peer);

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_ABI_ARGUMENTS_H_
