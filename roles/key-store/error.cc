// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/key-store/error.h"

#include <string>

namespace saef::key_store {
namespace {

class Category final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "saef.key_store"; }
  std::string message(int value) const override {
    switch (static_cast<Error>(value)) {
      case Error::kIdentifierUsed:
        return "this key identifier is, or was, another key's";
      case Error::kTooManyKeys:
        return "the source has as many keys as it may have";
      case Error::kDamaged:
        return "a row of the store is damaged or was tampered with";
      case Error::kBusy:
        return "another process holds the store for too long";
      case Error::kStore:
        return "the store can't be read or written";
      case Error::kCryptography:
        return "the cryptographic library failed";
      case Error::kTooBusy:
        return "too much waits to be written to the store";
    }
    return "unknown error";
  }
};

}  // namespace

const boost::system::error_category& ErrorCategory() noexcept {
  static const Category category;
  return category;
}

boost::system::error_code make_error_code(Error error) noexcept {
  return {static_cast<int>(error), ErrorCategory()};
}

}  // namespace saef::key_store
