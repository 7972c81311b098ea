// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/configuration_file.h"

#include <filesystem>
#include <utility>

#include "bindings/file.h"
#include "bindings/log.h"
#include "onem2m/json.h"
#include "onem2m/json_schema.h"

namespace saef::bindings {

std::string ConfigurationFile::Resolve(std::string_view name) const {
  return (std::filesystem::path(path).parent_path() / std::filesystem::path(name)).string();
}

std::variant<ConfigurationFile, std::string> ReadConfigurationFile(const std::string& path,
                                                                   std::string_view schema) {
  auto opened = File::Open(path);
  if (auto* error = std::get_if<std::string>(&opened)) {
    return std::move(*error);
  }
  std::string text(onem2m::kMaxJsonLength + 1, '\0');
  const auto length = std::get<File>(opened).Read(text);
  if (!length) {
    return Quote(path, 4096) + " can't be read";
  }
  if (*length > onem2m::kMaxJsonLength) {
    return Quote(path, 4096) + " is larger than a configuration may be (" +
           std::to_string(onem2m::kMaxJsonLength) + " octets)";
  }
  text.resize(*length);
  auto checked = onem2m::CheckAgainstSchema(text, schema);
  if (auto* error = std::get_if<std::string>(&checked)) {
    return Quote(path, 4096) + ": " + *error;
  }
  return ConfigurationFile{path, std::move(std::get<rapidjson::Document>(checked))};
}

}  // namespace saef::bindings
