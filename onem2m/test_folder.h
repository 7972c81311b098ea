// SPDX-License-Identifier: GPL-3.0-or-later
//
// TestFolder: a folder for one test's files, which only we can enter; gone when the test is.
#ifndef SAEF_ONEM2M_TEST_FOLDER_H_
#define SAEF_ONEM2M_TEST_FOLDER_H_

#include <stdlib.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>

namespace saef::onem2m {

class TestFolder {
 public:
  // Throws std::system_error where none can be made.
  TestFolder() : TestFolder(std::filesystem::temp_directory_path()) {}
  explicit TestFolder(const std::filesystem::path& in) {
    std::string pattern = (in / "saef-test-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) {
      throw std::system_error(errno, std::generic_category(), pattern);
    }
    path_ = pattern;
  }
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string Path(const std::string& name) const { return (path_ / name).string(); }
  // In place of one that is there, whatever that one's mode is. The file's path.
  std::string Write(const std::string& name, std::string_view content, mode_t mode = 0600) const {
    std::string file = Path(name);
    std::filesystem::remove(file);
    std::ofstream(file, std::ios::binary) << content;
    chmod(file.c_str(), mode);
    return file;
  }
  // "" where there is none.
  std::string Read(const std::string& name) const {
    std::ifstream file(path_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  std::filesystem::path path_;
};

}  // namespace saef::onem2m

#endif  // SAEF_ONEM2M_TEST_FOLDER_H_
