// SPDX-License-Identifier: GPL-3.0-or-later
//
// TestFolder: a folder for one test's files; gone when the test is.
#ifndef SAEF_PLUGIN_TEST_FOLDER_H_
#define SAEF_PLUGIN_TEST_FOLDER_H_

#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>

namespace saef::plugin {

class TestFolder {
 public:
  TestFolder() {
    std::string name = std::filesystem::temp_directory_path() / "saef-plugin-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = name;
  }
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  // Returns the file's path.
  std::string Write(const std::string& name, const std::string& content, mode_t mode) const {
    const std::string path = path_ / name;
    std::ofstream(path, std::ios::binary) << content;
    chmod(path.c_str(), mode);
    return path;
  }
  std::string path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_TEST_FOLDER_H_
