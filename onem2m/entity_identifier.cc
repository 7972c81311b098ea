// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/entity_identifier.h"

#include <algorithm>

#include "onem2m/ascii.h"

namespace saef::onem2m {
namespace {

constexpr ascii::Class kUnreserved([](char c) {
  return ascii::IsAlphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~';
});

std::optional<Error> CheckName(std::string_view text) noexcept {
  if (text.empty()) return Error::kEmpty;
  if (text.size() > kMaxNameLength) return Error::kTooLong;
  if (!kUnreserved.HasAllOf(text)) return Error::kBadCharacter;
  if (text == "." || text == "..") return Error::kBadForm;
  return std::nullopt;
}

// What an Absolute identifier begins with.
constexpr std::string_view kRoot = "//";

// What stands between the slashes of "//sp/first/second", "/first/second" or "first".
struct Parts {
  std::optional<std::string_view> sp;
  bool rooted = false;  // begins with a slash
  std::string_view first;
  std::optional<std::string_view> second;
};

Parts Split(std::string_view text) noexcept {
  Parts parts;
  if (text.starts_with(kRoot)) {
    text.remove_prefix(kRoot.size());
    parts.sp = text.substr(0, text.find('/'));
    text.remove_prefix(parts.sp->size());
    // Without a slash after the FQDN there is no first part, and every caller refuses that.
  }
  if (text.starts_with('/')) {
    parts.rooted = true;
    text.remove_prefix(1);
  }
  parts.first = text.substr(0, text.find('/'));
  // More slashes than two parts have stay in `second`, whose characters don't include them.
  if (parts.first.size() < text.size()) parts.second = text.substr(parts.first.size() + 1);
  return parts;
}

std::optional<Error> CheckStem(std::string_view text, char first) noexcept {
  if (const auto error = CheckName(text)) return error;
  if (text.front() != first || text.size() < 2) return Error::kBadForm;
  return std::nullopt;
}

OriginatorForm FormOfStem(std::string_view text) noexcept {
  if (text == "C") return OriginatorForm::kJustC;
  if (text == "S") return OriginatorForm::kJustS;
  if (!IsAeIdStem(text)) return OriginatorForm::kOther;
  return text.front() == 'C' ? OriginatorForm::kCStem : OriginatorForm::kSStem;
}

}  // namespace

Result<CseId> CseId::ParseAbsolute(std::string_view text) {
  if (text.empty()) return Error::kEmpty;
  const Parts parts = Split(text);
  if (!parts.sp || parts.second) return Error::kBadForm;
  Result<Fqdn> sp = Fqdn::Parse(*parts.sp);
  if (!sp) return sp.error();
  if (const auto error = CheckName(parts.first)) return *error;
  return CseId(std::move(*sp), std::string(parts.first));
}

Result<CseId> CseId::Parse(std::string_view text, const Fqdn& sp) {
  if (text.empty()) return Error::kEmpty;
  const Parts parts = Split(text);
  if (parts.sp) return ParseAbsolute(text);
  if (!parts.rooted || parts.second) return Error::kBadForm;
  if (const auto error = CheckName(parts.first)) return *error;
  return CseId(sp, std::string(parts.first));
}

Result<AeId> AeId::ParseAbsolute(std::string_view text) {
  if (text.empty()) return Error::kEmpty;
  const Parts parts = Split(text);
  if (!parts.sp) return Error::kBadForm;
  if (const auto error = Fqdn::Check(*parts.sp)) return *error;
  const std::size_t sp_end = kRoot.size() + parts.sp->size();
  std::size_t stem_begin = sp_end + 1;
  if (parts.second) {
    if (const auto error = CheckName(parts.first)) return *error;
    if (const auto error = CheckStem(*parts.second, 'C')) return *error;
    stem_begin += parts.first.size() + 1;
  } else if (const auto error = CheckStem(parts.first, 'S')) {
    return *error;
  }
  std::string absolute(text);
  for (std::size_t i = kRoot.size(); i < sp_end; ++i) absolute[i] = ascii::ToLower(absolute[i]);
  return AeId(std::move(absolute), sp_end, stem_begin);
}

Result<AeId> AeId::Parse(std::string_view text, const CseId& registrar) {
  if (text.empty()) return Error::kEmpty;
  if (text.starts_with(kRoot)) return ParseAbsolute(text);
  std::string absolute = "//" + registrar.sp().text();
  const std::size_t sp_end = absolute.size();
  if (text.starts_with('/')) {
    // Completed, it has the absolute form and obeys the same grammar.
    const Parts parts = Split(text);
    if (parts.first.size() > kMaxNameLength) return Error::kTooLong;
    if (parts.second && parts.second->size() > kMaxNameLength) return Error::kTooLong;
    return ParseAbsolute(absolute += text);
  }
  const bool by_cse = text.front() == 'C';
  if (const auto error = CheckStem(text, by_cse ? 'C' : 'S')) return *error;
  if (by_cse) (absolute += '/') += registrar.name();
  const std::size_t stem_begin = absolute.size() + 1;
  (absolute += '/') += text;
  return AeId(std::move(absolute), sp_end, stem_begin);
}

std::string_view AeId::sp() const noexcept {
  return std::string_view(absolute_).substr(kRoot.size(), sp_end_ - kRoot.size());
}

std::optional<std::string_view> AeId::registrar() const noexcept {
  if (!assigned_by_cse()) return std::nullopt;
  return std::string_view(absolute_).substr(sp_end_ + 1U, stem_begin_ - sp_end_ - 2U);
}

std::optional<std::string_view> AeId::registrar_id() const noexcept {
  if (!assigned_by_cse()) return std::nullopt;
  return std::string_view(absolute_).substr(0, stem_begin_ - 1U);
}

bool AeId::MayRegisterWith(const CseId& cse) const noexcept {
  return sp() == cse.sp().text() && (!assigned_by_cse() || *registrar() == cse.name());
}

std::string_view AeId::stem() const noexcept {
  return std::string_view(absolute_).substr(stem_begin_);
}

std::string_view AeId::SpRelative() const noexcept {
  return std::string_view(absolute_).substr(sp_end_);
}

bool IsAeIdStem(std::string_view text) noexcept {
  return !CheckStem(text, 'C').has_value() || !CheckStem(text, 'S').has_value();
}

Originator ParseOriginator(std::string_view text) noexcept {
  constexpr Originator kOther = {OriginatorForm::kOther, {}, {}, {}};
  if (text.empty()) return {};
  const Parts parts = Split(text);
  if (!parts.sp && !parts.rooted) {
    if (parts.second) return kOther;
    const OriginatorForm form = FormOfStem(text);
    return form == OriginatorForm::kOther ? kOther : Originator{form, {}, {}, text};
  }
  if (parts.sp && !Fqdn::IsValid(*parts.sp)) return kOther;
  if (CheckName(parts.first)) return kOther;
  const std::string_view sp = parts.sp.value_or(std::string_view());
  if (!parts.second) {
    const auto form = parts.sp ? OriginatorForm::kAbsolute : OriginatorForm::kSpRelative;
    return {form, sp, {}, parts.first};
  }
  if (CheckStem(*parts.second, 'C')) return kOther;
  const auto form = parts.sp ? OriginatorForm::kAbsoluteCStem : OriginatorForm::kSpRelativeCStem;
  return {form, sp, parts.first, *parts.second};
}

}  // namespace saef::onem2m
