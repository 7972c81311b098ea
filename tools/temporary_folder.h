// SPDX-License-Identifier: GPL-3.0-or-later
//
// TemporaryFolder: a folder that only we can enter, and that is gone with its content when the
// object goes.
#ifndef SAEF_TOOLS_TEMPORARY_FOLDER_H_
#define SAEF_TOOLS_TEMPORARY_FOLDER_H_

#include <filesystem>

namespace saef::tools {

class TemporaryFolder {
 public:
  TemporaryFolder();  // throws std::system_error where none can be made
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const noexcept { return path_; }
  // Leaves the folder there.
  void Keep() noexcept { keep_ = true; }

 private:
  std::filesystem::path path_;
  bool keep_ = false;
};

}  // namespace saef::tools

#endif  // SAEF_TOOLS_TEMPORARY_FOLDER_H_
