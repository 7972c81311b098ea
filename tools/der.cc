// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/der.h"

#include <charconv>
#include <vector>

namespace saef::tools {
namespace {

std::string DerLength(std::size_t length) {
  if (length < 0x80) return std::string(1, static_cast<char>(length));
  std::string octets;
  for (; length > 0; length >>= 8) octets.insert(octets.begin(), static_cast<char>(length & 0xff));
  octets.insert(octets.begin(), static_cast<char>(0x80 | octets.size()));
  return octets;
}

// Seven bits an octet, the first bit set in all but the last.
std::string Arc(std::uint64_t arc) {
  std::string octets(1, static_cast<char>(arc & 0x7f));
  while ((arc >>= 7) > 0) octets.insert(octets.begin(), static_cast<char>(0x80 | (arc & 0x7f)));
  return octets;
}

std::optional<std::vector<std::uint64_t>> Arcs(std::string_view dotted) {
  std::vector<std::uint64_t> arcs;
  const char* at = dotted.data();
  const char* const end = at + dotted.size();
  while (true) {
    std::uint64_t arc = 0;
    const auto [next, error] = std::from_chars(at, end, arc);
    if (error != std::errc() || arc > UINT32_MAX) return std::nullopt;
    arcs.push_back(arc);
    if (next == end) return arcs;
    if (*next != '.') return std::nullopt;
    at = next + 1;
  }
}

}  // namespace

std::string DerElement(std::uint8_t tag, std::string_view content) {
  std::string element(1, static_cast<char>(tag));
  element += DerLength(content.size());
  element += content;
  return element;
}

std::optional<std::string> DerOid(std::string_view dotted) {
  const auto arcs = Arcs(dotted);
  // X.690 8.19.4: the first two arcs share an octet.
  if (!arcs || arcs->size() < 2 || (*arcs)[0] > 2 || ((*arcs)[0] < 2 && (*arcs)[1] > 39))
    return std::nullopt;
  std::string content = Arc((*arcs)[0] * 40 + (*arcs)[1]);
  for (std::size_t i = 2; i < arcs->size(); ++i) content += Arc((*arcs)[i]);
  return content;
}

std::optional<DerView> ReadDer(std::string_view der) {
  if (der.size() < 2) return std::nullopt;
  DerView view;
  view.tag = static_cast<std::uint8_t>(der[0]);
  std::size_t length = static_cast<std::uint8_t>(der[1]);
  std::size_t header = 2;
  if (length >= 0x80) {
    const std::size_t octets = length & 0x7f;
    if (octets == 0 || octets > 4 || der.size() < header + octets) return std::nullopt;
    length = 0;
    for (std::size_t i = 0; i < octets; ++i)
      length = length << 8 | static_cast<std::uint8_t>(der[header + i]);
    header += octets;
  }
  if (der.size() - header < length) return std::nullopt;
  view.content = der.substr(header, length);
  view.length = header + length;
  return view;
}

}  // namespace saef::tools
