// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/key_report.h"

#include <rapidjson/document.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include "onem2m/json.h"
#include "onem2m/timestamp.h"

namespace saef::tools {
namespace {

struct Line {
  const char* text_name;
  const char* json_name;
  const char* shell_name;
  std::string value;
};

// Characters of base64: they stand for themselves in a shell, in JSON and on a command line.
bool IsPlain(std::uint8_t c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/';
}

std::vector<Line> LinesOf(const entity_a::RegisteredKey& key) {
  std::vector<Line> lines = {
      {"KcId", "kcId", "SAEF_KCID", key.kc_id.text()},
      {"Kc", "kc", "SAEF_KC", key.kc.ToHex()},
      {"Expires", "expirationTime", "SAEF_EXPIRES", onem2m::FormatTimestamp(key.expires)},
  };
  const auto bytes = key.kc.bytes();
  if (std::all_of(bytes.begin(), bytes.end(), IsPlain)) {
    lines.push_back(
        {"Kc as text", "kcText", "SAEF_KC_TEXT", std::string(bytes.begin(), bytes.end())});
  }
  return lines;
}

std::string AsJson(const std::vector<Line>& lines) {
  rapidjson::Document document;
  document.SetObject();
  for (const Line& line : lines) {
    document.AddMember(rapidjson::StringRef(line.json_name), rapidjson::StringRef(line.value),
                       document.GetAllocator());
  }
  return onem2m::WriteJson(document) + "\n";
}

std::string AsText(const std::vector<Line>& lines) {
  constexpr std::size_t kColumn = 12;
  std::string text;
  for (const Line& line : lines) {
    const std::string_view name = line.text_name;
    text.append(name).append(kColumn - name.size(), ' ').append(line.value).append("\n");
  }
  return text;
}

// A KcId's alphabet (letters, digits, '.', '_', '-', '@') and a Kc's need no quotes in a shell.
std::string AsShell(const std::vector<Line>& lines) {
  std::string text;
  for (const Line& line : lines)
    text.append(line.shell_name).append("=").append(line.value).append("\n");
  return text;
}

}  // namespace

std::string ReportKey(const entity_a::RegisteredKey& key, ReportFormat format) {
  std::vector<Line> lines = LinesOf(key);
  std::string text = format == ReportFormat::kJson    ? AsJson(lines)
                     : format == ReportFormat::kShell ? AsShell(lines)
                                                      : AsText(lines);
  for (Line& line : lines) onem2m::Wipe(line.value);
  return text;
}

}  // namespace saef::tools
