// SPDX-License-Identifier: GPL-3.0-or-later
//
// Folder: a temporary folder of a test's own, gone with it.
#ifndef SAEF_ROLES_CSE_TEST_FOLDER_H_
#define SAEF_ROLES_CSE_TEST_FOLDER_H_

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace saef::cse::test {

class Folder {
 public:
  Folder() {
    path_ = (std::filesystem::temp_directory_path() / "saef-XXXXXX").string();
    if (mkdtemp(path_.data()) == nullptr) {
      throw std::runtime_error("no temporary folder can be made");
    }
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string path_of(std::string_view name) const { return path_ + "/" + std::string(name); }
  // Writes a file that only we may read, and gives its path.
  std::string Write(std::string_view name, std::string_view text) const {
    const std::string path = path_of(name);
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
    std::filesystem::permissions(
        path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    return path;
  }

 private:
  std::string path_;
};

}  // namespace saef::cse::test

#endif  // SAEF_ROLES_CSE_TEST_FOLDER_H_
