// SPDX-License-Identifier: GPL-3.0-or-later
//
// What libcoap does with the options of each request that comes in, in less time and to the same
// end. A message's options come in the order of their numbers (RFC 7252 3.1), so a search ends
// where the option would stand; libcoap looks for eight that are hardly ever there, each time
// through to the last one, and asks a filter about all that it meets. And it walks through path and
// query twice, to escape what needn't be in most of them.
//
// Whoever links the server passes these three functions through here (-Wl,--wrap=…).
#include <coap3/coap.h>

#include <algorithm>
#include <array>
#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <string_view>

#include "bindings/coap/option_walk.h"

namespace saef::coap {
namespace {

// Octets that stand for themselves in a segment of a path; in a query '/' and '?' do, too (RFC 3986
// 3.3, 3.4).
constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (unsigned char c = '0'; c <= '9'; ++c) plain[c] = true;
  for (unsigned char c = 'A'; c <= 'Z'; ++c) plain[c] = true;
  for (unsigned char c = 'a'; c <= 'z'; ++c) plain[c] = true;
  for (const char c : std::string_view("-._~!$'()*+,;=:@&")) {
    plain[static_cast<unsigned char>(c)] = true;
  }
  return plain;
}();

bool IsPlain(std::uint8_t octet, coap_option_num_t number) {
  return kPlain[octet] || (number == COAP_OPTION_URI_QUERY && (octet == '/' || octet == '?'));
}

// At the first of this number, or null.
coap_opt_t* Find(const coap_pdu_t* pdu, coap_option_num_t number, coap_opt_iterator_t& iterator) {
  OptionWalk walk(pdu);
  while (walk.Next() && walk.number() < number) continue;
  iterator = walk.iterator();
  return walk.option() != nullptr && walk.number() == number ? walk.option() : nullptr;
}

std::uint8_t* Escape(std::string_view value, coap_option_num_t number, std::uint8_t* to) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : value) {
    const auto octet = static_cast<std::uint8_t>(c);
    if (IsPlain(octet, number)) {
      *to++ = octet;
    } else {
      *to++ = '%';
      *to++ = static_cast<std::uint8_t>(kHex[octet >> 4]);
      *to++ = static_cast<std::uint8_t>(kHex[octet & 0xf]);
    }
  }
  return to;
}

// The values that the options of this number have, escaped, with `separator` between them. Null
// where there is no memory for it.
coap_string_t* Joined(const coap_pdu_t* pdu, coap_option_num_t number, std::uint8_t separator) {
  constexpr std::size_t kUsual = 8;
  struct Part {
    std::string_view value;
    std::size_t escaped;  // so many octets of it
  };
  boost::container::small_vector<Part, kUsual> parts;
  std::size_t length = 0;
  OptionWalk walk(pdu);
  while (walk.Next() && walk.number() <= number) {
    if (walk.number() != number) continue;
    std::size_t escaped = 0;
    for (const char c : walk.value()) escaped += !IsPlain(static_cast<std::uint8_t>(c), number);
    length += walk.value().size() + 2 * escaped + (parts.empty() ? 0 : 1);
    parts.push_back({walk.value(), escaped});
  }
  coap_string_t* const joined = coap_new_string(length);
  if (joined == nullptr) return nullptr;
  joined->length = length;
  std::uint8_t* to = joined->s;
  for (const Part& part : parts) {
    if (&part != &parts.front()) *to++ = separator;
    to = part.escaped == 0 ? std::copy(part.value.begin(), part.value.end(), to)
                           : Escape(part.value, number, to);
  }
  return joined;
}

}  // namespace
}  // namespace saef::coap

extern "C" {

coap_opt_t* __wrap_coap_check_option(const coap_pdu_t* pdu, coap_option_num_t number,
                                     coap_opt_iterator_t* iterator);
coap_string_t* __wrap_coap_get_query(const coap_pdu_t* pdu);
coap_string_t* __wrap_coap_get_uri_path(const coap_pdu_t* pdu);
coap_string_t* __real_coap_get_uri_path(const coap_pdu_t* pdu);

coap_opt_t* __wrap_coap_check_option(const coap_pdu_t* pdu, coap_option_num_t number,
                                     coap_opt_iterator_t* iterator) {
  return saef::coap::Find(pdu, number, *iterator);
}

// Null also where there is none, or nothing in it.
coap_string_t* __wrap_coap_get_query(const coap_pdu_t* pdu) {
  coap_string_t* const query = saef::coap::Joined(pdu, COAP_OPTION_URI_QUERY, '&');
  if (query == nullptr || query->length != 0) return query;
  coap_delete_string(query);
  return nullptr;
}

coap_string_t* __wrap_coap_get_uri_path(const coap_pdu_t* pdu) {
  coap_opt_iterator_t iterator;
  const bool for_proxy = saef::coap::Find(pdu, COAP_OPTION_PROXY_URI, iterator) != nullptr;
  return for_proxy ? __real_coap_get_uri_path(pdu)
                   : saef::coap::Joined(pdu, COAP_OPTION_URI_PATH, '/');
}

}  // extern "C"
