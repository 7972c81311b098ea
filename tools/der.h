// SPDX-License-Identifier: GPL-3.0-or-later
//
// Der: as much of the Distinguished Encoding Rules (ITU-T X.690) as a certificate's subjectAltName
// and name constraints need and wolfSSL doesn't write: an element, an object identifier; and the
// change of one element's length when something is put into it.
//
// Pure; threads: any.
#ifndef SAEF_TOOLS_DER_H_
#define SAEF_TOOLS_DER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace saef::tools {

inline constexpr std::uint8_t kDerOctetString = 0x04;
inline constexpr std::uint8_t kDerObjectIdentifier = 0x06;
inline constexpr std::uint8_t kDerBoolean = 0x01;
inline constexpr std::uint8_t kDerSequence = 0x30;
// [number] of a context, primitive or constructed (number at most 30).
constexpr std::uint8_t DerContext(unsigned number, bool constructed) {
  return static_cast<std::uint8_t>(0x80u | (constructed ? 0x20u : 0u) | (number & 0x1fu));
}

// Tag, length, content.
std::string DerElement(std::uint8_t tag, std::string_view content);

// The content octets of an OBJECT IDENTIFIER in dotted form ("0.2.481.1"), or nothing if it isn't
// one.
std::optional<std::string> DerOid(std::string_view dotted);

// The element that stands at the front of `der`: its tag and content, and how long it is in all. An
// element that isn't complete: nothing.
struct DerView {
  std::uint8_t tag = 0;
  std::string_view content;
  std::size_t length = 0;
};
std::optional<DerView> ReadDer(std::string_view der);

}  // namespace saef::tools

#endif  // SAEF_TOOLS_DER_H_
