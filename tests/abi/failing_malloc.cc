// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/abi/failing_malloc.h"

namespace saef::abi_test {
namespace {

thread_local size_t allocations = 0;
thread_local size_t until_failure = 0;  // 0: none fails
thread_local bool has_failed = false;

bool MustFail() {
  ++allocations;
  if (until_failure == 0 || --until_failure > 0) {
    return false;
  }
  has_failed = true;
  return true;
}

}  // namespace

size_t Allocations() { return allocations; }

FailAllocation::FailAllocation(size_t n) {
  until_failure = n;
  has_failed = false;
}
FailAllocation::~FailAllocation() { Stop(); }
bool FailAllocation::Stop() {
  until_failure = 0;
  return has_failed;
}

}  // namespace saef::abi_test

extern "C" {

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);

void *__wrap_malloc(size_t size) {
  return saef::abi_test::MustFail() ? nullptr : __real_malloc(size);
}
void *__wrap_calloc(size_t count, size_t size) {
  return saef::abi_test::MustFail() ? nullptr : __real_calloc(count, size);
}
void *__wrap_realloc(void *old, size_t size) {
  return saef::abi_test::MustFail() ? nullptr : __real_realloc(old, size);
}

}  // extern "C"
