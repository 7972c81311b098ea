// SPDX-License-Identifier: GPL-3.0-or-later
//
// The module's size and how long a CSE waits for it when it starts: dlopen, and open() with one
// MAF. Each time in a new process, since the module stays mapped; beside it, in the same way,
// dlopen of OpenSSL's libcrypto, a module of the same kind that most hosts load.
#include <dlfcn.h>
#include <elf.h>
#include <sys/stat.h>

#include <chrono>
#include <fstream>
#include <iostream>

#include "tests/bench/child.h"
#include "tests/bench/group.h"
#include "tests/bench/loaded_plugin.h"

namespace saef::bench {
namespace {

using Clock = std::chrono::steady_clock;

double MillisecondsSince(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

std::vector<double> LoadOnce(const std::string& module) {
  LoadedPlugin plugin;
  const auto start = Clock::now();
  // Nothing listens there; open() asks nobody.
  if (const auto problem = plugin.Load(module, 9, 100000)) {
    std::cerr << "saef-bench: " << *problem << "\n";
    return {};
  }
  return {MillisecondsSince(start)};
}

std::vector<double> LoadLibrary() {
  const auto start = Clock::now();
  if (dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL) == nullptr) return {-1};
  return {MillisecondsSince(start)};
}

// What is mapped of the file: the sum of its PT_LOAD segments in memory. 0 for what is no module.
double MappedOctets(const std::string& module) {
  std::ifstream file(module, std::ios::binary);
  Elf64_Ehdr header{};
  file.read(reinterpret_cast<char*>(&header), sizeof(header));
  if (!file || header.e_phentsize != sizeof(Elf64_Phdr)) return 0;
  file.seekg(static_cast<std::streamoff>(header.e_phoff));
  double octets = 0;
  for (int i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment{};
    file.read(reinterpret_cast<char*>(&segment), sizeof(segment));
    if (file && segment.p_type == PT_LOAD) octets += static_cast<double>(segment.p_memsz);
  }
  return octets;
}

}  // namespace

Problem MeasureStart(const Settings& settings, Results& results) {
  struct stat file {};
  if (stat(settings.module.c_str(), &file) != 0) return settings.module + ": no such file";
  constexpr double kKiB = 1024;
  results.Add({"start/mapped", "KiB", {MappedOctets(settings.module) / kKiB}});
  results.Add({"start/file", "KiB", {static_cast<double>(file.st_size) / kKiB}});
  for (int i = 0; i < settings.effort.repetitions; ++i) {
    const auto loaded = MeasureInChild([&settings] { return LoadOnce(settings.module); });
    if (const auto* const problem = std::get_if<std::string>(&loaded)) return *problem;
    results.Add({"start/load-and-open", "ms", std::get<std::vector<double>>(loaded)});
    const auto library = MeasureInChild(LoadLibrary);
    const auto* const took = std::get_if<std::vector<double>>(&library);
    // Where it isn't installed there is nothing to compare with.
    if (took != nullptr && took->at(0) >= 0) results.Add({"start/libcrypto", "ms", *took});
  }
  results.Compare("start/load-and-open", "start/libcrypto");
  return std::nullopt;
}

}  // namespace saef::bench
