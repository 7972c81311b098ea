// SPDX-License-Identifier: GPL-3.0-or-later
//
// Km of all clients in the measurements of the MAF, as octets.
#ifndef SAEF_TESTS_BENCH_MAF_CREDENTIAL_H_
#define SAEF_TESTS_BENCH_MAF_CREDENTIAL_H_

#include <string_view>

namespace saef::bench {

inline constexpr std::string_view kMasterKey = "UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUU";

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_MAF_CREDENTIAL_H_
