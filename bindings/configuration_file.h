// SPDX-License-Identifier: GPL-3.0-or-later
//
// A configuration: a JSON file of at most onem2m::kMaxJsonLength octets, checked against a schema
// (onem2m/json_schema.h). Names of files in it are relative to its own folder. Threads: any.
#ifndef SAEF_BINDINGS_CONFIGURATION_FILE_H_
#define SAEF_BINDINGS_CONFIGURATION_FILE_H_

#include <rapidjson/document.h>

#include <string>
#include <string_view>
#include <variant>

namespace saef::bindings {

struct ConfigurationFile {
  std::string path;  // as given, for messages
  rapidjson::Document document;

  // The path of a file that the configuration names: as it is where absolute, else in the
  // configuration's folder.
  std::string Resolve(std::string_view name) const;
};

// Or a sentence for a person: which file, where in it, what would be right.
std::variant<ConfigurationFile, std::string> ReadConfigurationFile(const std::string& path,
                                                                   std::string_view schema);

}  // namespace saef::bindings

#endif  // SAEF_BINDINGS_CONFIGURATION_FILE_H_
