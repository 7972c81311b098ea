// SPDX-License-Identifier: GPL-3.0-or-later
//
// Values of CoAP options (RFC 7252 3.2): texts and unsigned integers.
#ifndef SAEF_BINDINGS_COAP_TEXT_H_
#define SAEF_BINDINGS_COAP_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace saef::coap {

// Well-formed UTF-8 (RFC 3629).
bool IsUtf8(std::string_view text) noexcept;
// The same without control characters: an identifier, a path, a name.
bool IsText(std::string_view text) noexcept;

// Network byte order; leading zero octets are allowed, more than `max_length` octets aren't.
std::optional<std::uint32_t> ReadUint(std::string_view value, std::size_t max_length = 4) noexcept;
// The shortest form; 0 is empty.
std::string WriteUint(std::uint32_t value);

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_TEXT_H_
