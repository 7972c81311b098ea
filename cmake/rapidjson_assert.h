// SPDX-License-Identifier: GPL-3.0-or-later
//
// What RapidJSON does when one of its preconditions is violated (a member that isn't there is read,
// a number is taken for a string): it throws std::logic_error, so that a slip of ours neither
// aborts the host that loaded us nor reads memory that isn't ours. Every folder's boundary turns
// that into an error value. Included before each source file that uses RapidJSON
// (cmake/dependencies.cmake).
#ifndef SAEF_CMAKE_RAPIDJSON_ASSERT_H_
#define SAEF_CMAKE_RAPIDJSON_ASSERT_H_

#include <stdexcept>

#define RAPIDJSON_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : throw std::logic_error("RapidJSON: " #condition))

#endif  // SAEF_CMAKE_RAPIDJSON_ASSERT_H_
