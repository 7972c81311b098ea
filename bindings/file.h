// SPDX-License-Identifier: GPL-3.0-or-later
//
// File: a regular file, open for reading, with the status of what was opened (so that what is
// checked is what is read). For key files and configurations. Threads: one at a time.
#ifndef SAEF_BINDINGS_FILE_H_
#define SAEF_BINDINGS_FILE_H_

#include <sys/stat.h>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <variant>

namespace saef::bindings {

class File {
 public:
  // Or a sentence: there is none, may not be read, isn't a regular file. Never waits for a FIFO.
  static std::variant<File, std::string> Open(const std::string& path);

  File(File&& other) noexcept : descriptor_(other.descriptor_), status_(other.status_) {
    other.descriptor_ = -1;
  }
  File& operator=(File&&) = delete;
  ~File();

  const struct stat& status() const noexcept { return status_; }
  // Reads up to the file's end or the buffer's; nullopt if reading fails.
  std::optional<std::size_t> Read(std::span<char> buffer);

 private:
  File(int descriptor, const struct stat& status) : descriptor_(descriptor), status_(status) {}
  int descriptor_;
  struct stat status_;
};

}  // namespace saef::bindings

#endif  // SAEF_BINDINGS_FILE_H_
