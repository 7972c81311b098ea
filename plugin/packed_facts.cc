// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/packed_facts.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <string>
#include <utility>

namespace saef::plugin {
namespace {

// Identifiers have no such character.
constexpr char kBetween = '\n';

std::string JoinIds(const Source::AeList& list) {
  std::string joined;
  for (const onem2m::AeId& ae : list) {
    if (!joined.empty()) joined += kBetween;
    joined += ae.Absolute();
  }
  return joined;
}

Source::AeList SplitIds(std::string_view text) {
  Source::AeList list;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(kBetween), text.size());
    list.push_back(onem2m::AeId::ParseAbsolute(text.substr(0, end)).value());
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return list;
}

}  // namespace

PackedFacts::PackedFacts(const Source& source, std::string_view as_sent,
                         std::string_view canonical) {
  const bool is_list = source.allowed() != nullptr;
  const std::string entity = is_list ? JoinIds(*source.allowed()) : source.entity_id();
  const std::array<std::string_view, kTexts> texts = {as_sent, canonical, source.credential_id,
                                                      entity};
  std::size_t size = sizeof(Head);
  for (const std::string_view text : texts) size += text.size();
  octets_.reset(new std::byte[size]);
  auto* const head = new (octets_.get()) Head{};
  if (is_list) head->kind = Kind::kAeList;
  if (source.ae() != nullptr) head->kind = Kind::kAe;
  if (source.cse() != nullptr) head->kind = Kind::kCse;
  head->suid = static_cast<std::uint8_t>(source.suid);
  std::byte* to = octets_.get() + sizeof(Head);
  for (std::size_t i = 0; i < kTexts; ++i) {
    head->lengths[i] = static_cast<std::uint32_t>(texts[i].size());
    if (!texts[i].empty()) std::memcpy(to, texts[i].data(), texts[i].size());
    to += texts[i].size();
  }
}

const PackedFacts::Head& PackedFacts::head() const noexcept {
  return *std::launder(reinterpret_cast<const Head*>(octets_.get()));
}

std::string_view PackedFacts::Text(std::size_t which) const noexcept {
  if (octets_ == nullptr) return {};
  const auto* from = reinterpret_cast<const char*>(octets_.get()) + sizeof(Head);
  for (std::size_t i = 0; i < which; ++i) from += head().lengths[i];
  return {from, head().lengths[which]};
}

std::shared_ptr<const Source> PackedFacts::MakeSource() const {
  auto source = std::make_shared<Source>();
  source->credential_id = Text(2);
  source->suid = static_cast<onem2m::Suid>(head().suid);
  const std::string_view entity = Text(3);
  // What Absolute() wrote can be read.
  switch (head().kind) {
    case Kind::kAe:
      source->entity = onem2m::AeId::ParseAbsolute(entity).value();
      break;
    case Kind::kCse:
      source->entity = onem2m::CseId::ParseAbsolute(entity).value();
      break;
    case Kind::kAeList:
      source->entity = SplitIds(entity);
      break;
    case Kind::kUnresolved:
      break;
  }
  return source;
}

}  // namespace saef::plugin
