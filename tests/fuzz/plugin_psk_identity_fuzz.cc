// SPDX-License-Identifier: GPL-3.0-or-later
//
// A psk_identity by its end and taken apart: both ways tell the same of anything.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "plugin/test_both_ways.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using saef::plugin::IssuerDirectory;
  static const IssuerDirectory kOne({"maf.example.com"});
  static const IssuerDirectory kFew({"m.eu", "maf.example.com", "n.maf.example.com"});
  static const IssuerDirectory kMany({"a.eu", "b.eu", "c.eu", "d.eu", "maf.example.com"});
  for (const IssuerDirectory* const directory : {&kOne, &kFew, &kMany}) {
    if (!saef::plugin::WhatDiffers(*directory, {data, size}).empty()) std::abort();
  }
  return 0;
}
