// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "bindings/log.h"

namespace saef::bindings {

std::variant<File, std::string> File::Open(const std::string& path) {
  const std::string name = Quote(path, 4096);
  if (path.find('\0') != std::string::npos) {
    return name + " is no file name";
  }
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0) {
    return name + " can't be opened: " + std::generic_category().message(errno);
  }
  struct stat status {};
  if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    close(descriptor);
    return name + " isn't a regular file";
  }
  return File(descriptor, status);
}

File::~File() {
  if (descriptor_ >= 0) {
    close(descriptor_);
  }
}

std::optional<std::size_t> File::Read(std::span<char> buffer) {
  std::size_t used = 0;
  while (used < buffer.size()) {
    const ssize_t got = read(descriptor_, buffer.data() + used, buffer.size() - used);
    if (got == 0) {
      break;
    }
    if (got < 0) {
      if (errno == EINTR) {
        continue;
      }
      return std::nullopt;
    }
    used += static_cast<std::size_t>(got);
  }
  return used;
}

}  // namespace saef::bindings
