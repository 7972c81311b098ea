// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/key-store/sealed_key.h"

#include <boost/test/unit_test.hpp>

namespace saef::key_store {
namespace testing {

onem2m::Secret Key(std::uint8_t octet, std::size_t size = 32) {
  return *onem2m::Secret::Copy(std::vector<std::uint8_t>(size, octet));
}

}  // namespace testing

std::ostream& operator<<(std::ostream& stream, Error error) {
  return stream << make_error_code(error).message();
}

namespace {

AuthenticatedFields Fields(std::string_view a, std::string_view b) {
  AuthenticatedFields fields("test");
  fields.Add(a).Add(b);
  return fields;
}

BOOST_AUTO_TEST_SUITE(sealed_key)

BOOST_AUTO_TEST_CASE(comes_back) {
  const auto store_key = testing::Key(7);
  for (const std::size_t size :
       {std::size_t{1}, std::size_t{16}, std::size_t{32}, std::size_t{64}}) {
    const auto key = testing::Key(9, size);
    const auto sealed = Seal(store_key, key, Fields("a", "b"));
    BOOST_REQUIRE(sealed.has_value());
    BOOST_TEST(sealed->size() == 28 + size);
    const auto opened = Unseal(store_key, *sealed, Fields("a", "b"));
    BOOST_REQUIRE(opened.has_value());
    BOOST_TEST(opened->Equals(key.bytes()));
  }
}

BOOST_AUTO_TEST_CASE(is_never_the_same_twice) {
  const auto store_key = testing::Key(7);
  BOOST_TEST(*Seal(store_key, testing::Key(9), Fields("a", "b")) !=
             *Seal(store_key, testing::Key(9), Fields("a", "b")));
}

BOOST_AUTO_TEST_CASE(each_changed_octet_is_seen) {
  const auto store_key = testing::Key(7);
  const auto sealed = *Seal(store_key, testing::Key(9), Fields("a", "b"));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    auto changed = sealed;
    changed[i] ^= 1;
    BOOST_TEST(Unseal(store_key, changed, Fields("a", "b")).error() == Error::kDamaged);
  }
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    const std::vector<std::uint8_t> cut(sealed.begin(),
                                        sealed.begin() + static_cast<std::ptrdiff_t>(size));
    BOOST_TEST(Unseal(store_key, cut, Fields("a", "b")).error() == Error::kDamaged);
  }
}

BOOST_AUTO_TEST_CASE(other_fields_or_store_keys_do_not_open_it) {
  const auto store_key = testing::Key(7);
  const auto sealed = *Seal(store_key, testing::Key(9), Fields("a", "bc"));
  BOOST_TEST(!Unseal(store_key, sealed, Fields("ab", "c")));
  BOOST_TEST(!Unseal(store_key, sealed, Fields("a", "b")));
  BOOST_TEST(!Unseal(testing::Key(8), sealed, Fields("a", "bc")));
  BOOST_TEST(Unseal(testing::Key(7, 16), sealed, Fields("a", "bc")).error() ==
             Error::kCryptography);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::key_store
