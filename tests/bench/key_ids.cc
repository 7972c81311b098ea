// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/key_ids.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

namespace saef::bench {
namespace {

constexpr std::uint64_t kSeed = 20160065;

}  // namespace

KeyIds::KeyIds(std::size_t count) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::mt19937_64 random(kSeed);
  text_.reserve(count * kLength);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t digit = 0; digit < kRelativeLength; digit += 16) {
      std::uint64_t bits = random();
      for (int nibble = 0; nibble < 16; ++nibble, bits >>= 4) text_ += kDigits[bits & 0xf];
    }
    text_ += '@';
    text_ += kMafFqdn;
  }
}

KeyIds KeyIds::Shuffled() const {
  std::vector<std::size_t> order(size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::mt19937_64 random(kSeed + 1);
  std::shuffle(order.begin(), order.end(), random);
  KeyIds shuffled(0);
  shuffled.text_.reserve(text_.size());
  for (const std::size_t i : order) shuffled.text_ += text(i);
  return shuffled;
}

}  // namespace saef::bench
