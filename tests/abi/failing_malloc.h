// SPDX-License-Identifier: GPL-3.0-or-later
//
// Counts the allocations of C code that is linked into the test, and lets one of them fail. Needs
// -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc; what is inside shared libraries (operator new, so
// nearly all of a test's own) isn't touched.
//
// Threads: only allocations of the thread that made the FailAllocation count.
#ifndef SAEF_TESTS_ABI_FAILING_MALLOC_H_
#define SAEF_TESTS_ABI_FAILING_MALLOC_H_

#include <cstddef>

namespace saef::abi_test {

// Of this thread, so far.
size_t Allocations();

// The n-th allocation from now on, counted from 1, fails.
class FailAllocation {
 public:
  explicit FailAllocation(size_t n);
  ~FailAllocation();
  // No more fail. Whether one did.
  bool Stop();
};

}  // namespace saef::abi_test

#endif  // SAEF_TESTS_ABI_FAILING_MALLOC_H_
