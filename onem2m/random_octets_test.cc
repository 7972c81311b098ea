// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/random_octets.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <cstddef>
#include <iterator>
#include <vector>

namespace saef::onem2m {
namespace {

constexpr int kNoFilter = 77;

BOOST_AUTO_TEST_SUITE(random_octets)

BOOST_AUTO_TEST_CASE(each_octet_is_filled_and_no_two_are_alike) {
  std::array<std::uint8_t, 16> first{};
  std::array<std::uint8_t, 16> second{};
  BOOST_REQUIRE(FillRandom(first));
  BOOST_REQUIRE(FillRandom(second));
  BOOST_TEST(first != second);
  std::vector<bool> touched(256, false);
  for (int i = 0; i < 100; ++i) {
    std::vector<std::uint8_t> octets(256, 0);
    BOOST_REQUIRE(FillRandom(octets));
    for (std::size_t k = 0; k < octets.size(); ++k) touched[k] = touched[k] || octets[k] != 0;
  }
  BOOST_TEST(std::count(touched.begin(), touched.end(), false) == 0);
}

BOOST_AUTO_TEST_CASE(sizes) {
  BOOST_TEST(FillRandom({}).has_value());
  std::vector<std::uint8_t> octets(257);
  BOOST_TEST((FillRandom(octets).error() == Error::kTooLong));
}

// In a process of its own, where the kernel answers getrandom with this error.
int ExitCodeWithout(int error) {
  const pid_t child = fork();
  if (child != 0) {
    int status = -1;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getrandom, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<unsigned>(error)),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program{static_cast<unsigned short>(std::size(filter)), filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
    _exit(kNoFilter);
  }
  std::array<std::uint8_t, 16> octets{};
  const auto filled = FillRandom(octets);
  _exit(filled.has_error() && filled.error() == Error::kCryptography ? 0 : 1);
}

BOOST_AUTO_TEST_CASE(a_kernel_that_gives_none_is_an_error) {
  const int code = ExitCodeWithout(ENOSYS);
  if (code == kNoFilter) {
    BOOST_TEST_MESSAGE("the kernel lets no system call be filtered here");
    return;
  }
  BOOST_TEST(code == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::onem2m
