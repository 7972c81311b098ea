// SPDX-License-Identifier: GPL-3.0-or-later
//
// Measuring in a process of its own, where nothing was loaded or allocated before.
#ifndef SAEF_TESTS_BENCH_CHILD_H_
#define SAEF_TESTS_BENCH_CHILD_H_

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace saef::bench {

// What `measure` returns in a child of this process, which must have no other threads; or a
// sentence. `measure` says by an empty vector that it couldn't, and why on standard error.
std::variant<std::vector<double>, std::string> MeasureInChild(
    const std::function<std::vector<double>()>& measure);

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_CHILD_H_
