// SPDX-License-Identifier: GPL-3.0-or-later
#include "end-point/enrolment_state.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "bindings/file.h"
#include "bindings/key_file.h"
#include "bindings/log.h"
#include "onem2m/interface_json.h"
#include "onem2m/json.h"
#include "onem2m/key_derivation.h"

namespace saef::end_point {
namespace {

using bindings::Quote;
using onem2m::GetString;
using onem2m::interface_json::ReadKey;
using onem2m::interface_json::ReadOptionalTime;
using onem2m::interface_json::ReadTime;
using rapidjson::Value;

// Instructions of 64 KiB at most, escaped, and the rest.
constexpr std::size_t kMaxStateLength = 256 * 1024;
constexpr std::string_view kVersion = "saef enrolment 1";

onem2m::Result<onem2m::KeyIdentifier> ReadIdentifier(const Value& object, std::string_view member) {
  const auto text = GetString(object, member);
  if (!text) return text.error();
  return onem2m::KeyIdentifier::Parse(*text);
}

// The instructions lie in the state as the MEF's answer had them, with this MAF alone.
onem2m::Result<std::optional<onem2m::mef::MafInstructions>> ReadInstructions(const Value& object) {
  if (onem2m::FindMember(object, "instructions") == nullptr) {
    return std::optional<onem2m::mef::MafInstructions>();
  }
  const auto text = GetString(object, "instructions");
  if (!text) return text.error();
  auto answer = onem2m::mef::ParseEnrolmentResponse(*text);
  if (!answer) return answer.error();
  if (answer->mafs.size() != 1) return onem2m::Error::kTargetCount;
  return std::optional(std::move(answer->mafs.front()));
}

onem2m::Result<EnrolmentState> ParseState(std::string_view text) {
  const auto document = onem2m::SensitiveJson::Parse(text, kMaxStateLength);
  if (!document) return document.error();
  const Value& object = document->root();
  const auto version = GetString(object, "version");
  if (!version) return version.error();
  if (*version != kVersion) return onem2m::Error::kOutOfRange;
  auto ke_id = ReadIdentifier(object, "keId");
  if (!ke_id) return ke_id.error();
  auto ke = ReadKey(object, "ke", onem2m::kKeyLength, onem2m::kKeyLength);
  if (!ke) return ke.error();
  const auto enrolled = ReadTime(object, "enrolled");
  if (!enrolled) return enrolled.error();
  const auto expires = ReadTime(object, "expirationTime");
  if (!expires) return expires.error();
  auto maf = ReadInstructions(object);
  if (!maf) return maf.error();
  auto as = GetString(object, "enrolledAs");
  if (!as) return as.error();
  EnrolmentState state{std::move(*ke_id), std::move(*ke),  *enrolled, *expires,
                       std::move(*as),    std::move(*maf), {},        {}};
  if (onem2m::FindMember(object, "kmId") != nullptr) {
    auto km_id = ReadIdentifier(object, "kmId");
    if (!km_id) return km_id.error();
    if (!state.maf) return onem2m::Error::kMissingMember;  // of whom it would be
    state.km_id = std::move(*km_id);
  }
  const auto km_id_expires = ReadOptionalTime(object, "kmIdExpirationTime");
  if (!km_id_expires) return km_id_expires.error();
  state.km_id_expires = *km_id_expires;
  return state;
}

std::string WriteInstructions(const EnrolmentState& state) {
  if (!state.maf) return {};
  onem2m::mef::EnrolmentResponse instructions;
  instructions.relative_key_id = state.ke_id.relative();
  instructions.lifetime = std::chrono::seconds(1);  // the times stand beside
  instructions.mafs.push_back(*state.maf);
  return onem2m::mef::Write(instructions);
}

std::string WriteState(const EnrolmentState& state) {
  const std::string maf = WriteInstructions(state);
  onem2m::interface_json::ObjectWriter writer(4096 + 6 * (maf.size() + state.enrolled_as.size()));
  writer.Put("version", kVersion);
  writer.Put("keId", state.ke_id.text());
  writer.Put("ke", state.ke);
  writer.Put("enrolled", state.enrolled);
  writer.Put("expirationTime", state.expires);
  writer.Put("enrolledAs", std::string_view(state.enrolled_as));
  if (state.km_id) writer.Put("kmId", state.km_id->text());
  if (state.km_id_expires) writer.Put("kmIdExpirationTime", *state.km_id_expires);
  if (!maf.empty()) writer.Put("instructions", std::string_view(maf));
  return writer.Take();
}

std::string CannotWrite(const std::string& path) {
  return Quote(path, 4096) + " can't be written: " + std::generic_category().message(errno);
}

bool WriteAll(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return fsync(descriptor) == 0;
}

// So that the new name outlives a loss of power.
void SyncFolder(const std::filesystem::path& folder) {
  const int descriptor =
      open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  fsync(descriptor);
  close(descriptor);
}

}  // namespace

std::variant<std::optional<EnrolmentState>, std::string> ReadEnrolmentState(
    const std::string& path) {
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0 && errno == ENOENT) return std::optional<EnrolmentState>();
  auto opened = bindings::File::Open(path);
  if (auto* const error = std::get_if<std::string>(&opened)) return std::move(*error);
  auto& file = std::get<bindings::File>(opened);
  if (std::string error = bindings::CheckOwnerAndMode(file, path); !error.empty()) return error;
  std::string text(kMaxStateLength + 1, '\0');
  const auto length = file.Read(text);
  if (!length || *length > kMaxStateLength) {
    onem2m::Wipe(text);
    return Quote(path, 4096) + (length ? " is too large" : " can't be read");
  }
  auto state = ParseState(std::string_view(text).substr(0, *length));
  onem2m::Wipe(text);
  if (!state) return Quote(path, 4096) + " is damaged: " + state.error().message();
  return std::optional<EnrolmentState>(std::move(*state));
}

std::string WriteEnrolmentState(const std::string& path, const EnrolmentState& state) {
  const std::string fresh = path + ".new";
  // What a crash has left is of no use, and may have another mode.
  unlink(fresh.c_str());
  const int descriptor =
      open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (descriptor < 0) return CannotWrite(fresh);
  std::string text = WriteState(state);
  const bool written = WriteAll(descriptor, text);
  onem2m::Wipe(text);
  std::string error = written ? std::string() : CannotWrite(fresh);
  if (close(descriptor) != 0 && error.empty()) error = CannotWrite(fresh);
  if (error.empty() && rename(fresh.c_str(), path.c_str()) != 0) error = CannotWrite(path);
  if (!error.empty()) {
    unlink(fresh.c_str());
    return error;
  }
  SyncFolder(std::filesystem::path(path).parent_path());
  return {};
}

}  // namespace saef::end_point
