// SPDX-License-Identifier: GPL-3.0-or-later
//
// plugin.h on lookup(): "On a hit: no allocation, no system call." The first is counted, the second
// is forbidden by the kernel while it is tried.
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <new>
#include <thread>

#include "plugin/test_maf.h"
#include "plugin/test_support.h"

namespace {

thread_local std::size_t allocations = 0;

}  // namespace

// Everything of ours allocates through these; wolfSSL's own allocations go past them and are
// covered by the second test, since a growing heap needs system calls.
void* operator new(std::size_t size) {
  ++allocations;
  void* const memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t /*size*/) noexcept { std::free(memory); }

namespace saef::plugin {
namespace {

const std::string kId = "k1@MAF.example.com";
constexpr int kRounds = 1000;

// Look-ups of each kind that is answered at once, without anything of the test's own in between.
bool LookUpOften(saef_instance* instance, const saef_api& api) {
  std::uint8_t key[SAEF_MAX_KEY];
  const auto* const id = reinterpret_cast<const std::uint8_t*>(kId.data());
  for (int i = 0; i < kRounds; ++i) {
    std::size_t length = sizeof(key);
    if (api.lookup(instance, id, kId.size(), key, &length) != SAEF_KEY) return false;
    if (api.lookup(instance, id, 3, key, &length) != SAEF_NOT_MINE) return false;
  }
  return true;
}

// From here on the calling thread is killed if it makes a system call, but to say how it went. Not
// strict mode: that forbids to read the processor's clock as well, and with it what is no system
// call. Where the clock can't be read without one, that is the machine's doing.
bool ForbidSystemCalls() {
  sock_filter rules[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_write, 3, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit, 2, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clock_gettime, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_THREAD),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program{std::size(rules), rules};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

BOOST_AUTO_TEST_SUITE(hit)

BOOST_AUTO_TEST_CASE(allocates_nothing) {
  TestMaf maf;
  maf.Start();
  maf.Set("k1", TestMaf::Key());
  const PluginUnderTest plugin(maf.port());
  BOOST_REQUIRE(plugin.LookupWait(kId) == SAEF_KEY);
  const std::size_t before = allocations;
  const bool all = LookUpOften(plugin.get(), Api());
  const std::size_t after = allocations;
  BOOST_TEST(all);
  BOOST_TEST(after == before);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
BOOST_AUTO_TEST_CASE(makes_no_system_call) {
  TestMaf maf;
  maf.Start();
  maf.Set("k1", TestMaf::Key());
  int ends[2];
  BOOST_REQUIRE(pipe(ends) == 0);
  // The kernel kills the thread that tries it where it makes a system call.
  const pid_t child = fork();
  BOOST_REQUIRE(child >= 0);
  if (child == 0) {
    const PluginUnderTest plugin(maf.port());
    if (plugin.LookupWait(kId) != SAEF_KEY) _exit(2);
    const saef_api& api = Api();
    std::thread([&] {
      if (!ForbidSystemCalls()) _exit(3);
      const char word = LookUpOften(plugin.get(), api) ? 'y' : 'n';
      if (write(ends[1], &word, 1) != 1) syscall(SYS_exit, 4);
      syscall(SYS_exit, 0);
    }).detach();
    for (;;) pause();
  }
  close(ends[1]);
  char word = 0;
  // It kills the thread alone, so the pipe stays open.
  pollfd answer{ends[0], POLLIN, 0};
  const ssize_t got = poll(&answer, 1, 20000) == 1 ? read(ends[0], &word, 1) : 0;
  close(ends[0]);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  BOOST_TEST(got == 1);
  BOOST_TEST(word == 'y');
}
#endif

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::plugin
