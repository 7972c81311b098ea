// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/issuer_directory.h"

#include <algorithm>

namespace saef::plugin {

namespace {

// By length first: most names that aren't ours are told apart without reading them.
bool ComesBefore(std::string_view one, std::string_view other) noexcept {
  return one.size() != other.size() ? one.size() < other.size() : one < other;
}

}  // namespace

IssuerDirectory::IssuerDirectory(const std::vector<std::string>& fqdns) {
  const std::string first = fqdns.empty() ? std::string() : "@" + fqdns.front();
  if (first.size() >= sizeof(first_begin_) && first.size() <= kMostAtEnd) {
    first_length_ = first.size();
    std::memcpy(&first_begin_, first.data(), sizeof(first_begin_));
  }
  sorted_.reserve(fqdns.size());
  for (std::size_t i = 0; i < fqdns.size(); ++i) sorted_.emplace_back(fqdns[i], i);
  std::sort(sorted_.begin(), sorted_.end(),
            [](const auto& one, const auto& other) { return ComesBefore(one.first, other.first); });
  for (const std::string& fqdn : fqdns) {
    if (ending_count_ == endings_.size() || !endings_[ending_count_].Set(fqdn)) return;
    ++ending_count_;
  }
  has_all_endings_ = true;
}

bool IssuerDirectory::AtFqdn::Set(std::string_view fqdn) noexcept {
  const std::size_t length = fqdn.size() + 1;
  if (length > kMostLength) return false;
  length_ = length;
  size_ = (length + kOctets16 - 1) / kOctets16 * kOctets16;
  const std::size_t before = size_ - length;
  text_[before] = '@';
  std::copy(fqdn.begin(), fqdn.end(), text_.begin() + static_cast<std::ptrdiff_t>(before + 1));
  std::array<std::uint8_t, kOctets16> looked_at{};
  std::fill(looked_at.begin() + static_cast<std::ptrdiff_t>(before), looked_at.end(), 0xff);
  first_ = LoadOctets16(text_.data());
  looked_at_ = LoadOctets16(looked_at.data());
  return true;
}

std::size_t IssuerDirectory::FindAmongMany(std::string_view fqdn) const noexcept {
  const auto it = std::lower_bound(
      sorted_.begin(), sorted_.end(), fqdn,
      [](const auto& entry, std::string_view name) { return ComesBefore(entry.first, name); });
  if (it == sorted_.end() || it->first != fqdn) return kNone;
  return it->second;
}

}  // namespace saef::plugin
