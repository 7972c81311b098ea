// SPDX-License-Identifier: GPL-3.0-or-later
//
// What can go wrong with a store of keys, as an error code with a category of ours.
#ifndef SAEF_ROLES_KEY_STORE_ERROR_H_
#define SAEF_ROLES_KEY_STORE_ERROR_H_

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

namespace saef::key_store {

enum class Error {
  kIdentifierUsed = 1,  // this key identifier is, or was, another key's
  kTooManyKeys,         // the source has as many keys as it may
  kDamaged,             // a row whose key doesn't decrypt or whose fields make no sense
  kBusy,                // another process holds the store for too long
  kStore,               // the store can't be read or written: disk full, permissions, damage
  kCryptography,        // the cryptographic library failed
  kTooBusy,             // more waits to be written than may
};

const boost::system::error_category& ErrorCategory() noexcept;
boost::system::error_code make_error_code(Error error) noexcept;

template <typename T>
using Result = boost::system::result<T>;

}  // namespace saef::key_store

namespace boost::system {
template <>
struct is_error_code_enum<saef::key_store::Error> : std::true_type {};
}  // namespace boost::system

#endif  // SAEF_ROLES_KEY_STORE_ERROR_H_
