// SPDX-License-Identifier: GPL-3.0-or-later
//
// Bounds of the resource tree, all from cse.json ("limits"); docs/configuration.md lists them. What
// goes beyond one is refused with 5207 NOT_ACCEPTABLE (an attribute's value with 4000) and a text
// that names the bound. Only et is lowered, and told: the standard makes it a hint
// (TS-0001 9.6.1.3).
#ifndef SAEF_ROLES_CSE_LIMITS_H_
#define SAEF_ROLES_CSE_LIMITS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace saef::cse {

struct Limits {
  std::size_t max_resources = 100000;
  std::size_t max_depth = 16;  // levels, CSEBase being the first
  std::size_t max_registrations = 20000;
  // For each registered AE or CSE, its own resource included.
  std::size_t max_resources_each = 10000;
  std::size_t max_bytes_each = std::size_t{64} << 20;
  std::size_t max_list = 64;       // items of one attribute
  std::size_t max_text = 1024;     // octets of one text; <contentInstance>'s content is apart
  std::size_t max_results = 1000;  // of one discovery
  std::chrono::seconds lifetime{std::chrono::hours(24 * 365)};           // where et isn't given
  std::chrono::seconds max_lifetime{std::chrono::hours(24 * 365 * 10)};  // a later et becomes this
};

}  // namespace saef::cse

#endif  // SAEF_ROLES_CSE_LIMITS_H_
