// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/packed_facts.h"

#include <new>
#include <stdexcept>
#include <string>
#include <utility>

namespace saef::plugin {
namespace {

std::string JoinIds(const Source::AeList& list, char between) {
  std::string joined;
  for (const onem2m::AeId& ae : list) {
    if (!joined.empty()) joined += between;
    joined += ae.Absolute();
  }
  return joined;
}

}  // namespace

PackedFacts::PackedFacts(const KeyFacts& facts, std::string_view as_sent,
                         std::string_view canonical) {
  const Source& source = *facts.source;
  const bool is_list = source.allowed() != nullptr;
  const std::string entity = is_list ? JoinIds(*source.allowed(), kBetween) : source.entity_id();
  const std::array<std::string_view, kTexts> texts = {as_sent, canonical, source.credential_id,
                                                      entity};
  if (std::max(as_sent.size(), canonical.size()) > UINT8_MAX) {
    throw std::length_error("an identity of more than 255 octets");
  }
  std::size_t size = sizeof(Head);
  for (const std::string_view text : texts) size += text.size();
  auto* const head = new (::operator new(size)) Head;
  head_.reset(head);
  head->expires = facts.expires;
  if (is_list) head->kind = Kind::kAeList;
  if (source.ae() != nullptr) head->kind = Kind::kAe;
  if (source.cse() != nullptr) head->kind = Kind::kCse;
  head->suid = static_cast<std::uint8_t>(source.suid);
  for (std::size_t i = 0; i < kOfIdentity; ++i) {
    head->identity_lengths[i] = static_cast<std::uint8_t>(texts[i].size());
  }
  for (std::size_t i = kOfIdentity; i < kTexts; ++i) {
    head->other_lengths[i - kOfIdentity] = static_cast<std::uint32_t>(texts[i].size());
  }
  auto* to = reinterpret_cast<char*>(head + 1);
  for (const std::string_view text : texts) to = std::copy(text.begin(), text.end(), to);
}

void PackedFacts::Head::Free(const Head* head) noexcept {
  head->~Head();
  ::operator delete(const_cast<Head*>(head));
}

std::shared_ptr<const Source> PackedFacts::MakeSource() const {
  auto source = std::make_shared<Source>();
  source->credential_id = credential_id();
  source->suid = static_cast<onem2m::Suid>(head_->suid);
  const std::string_view entity = Text(3);
  // What Absolute() wrote can be read.
  switch (head_->kind) {
    case Kind::kAe:
      source->entity = onem2m::AeId::ParseAbsolute(entity).value();
      break;
    case Kind::kCse:
      source->entity = onem2m::CseId::ParseAbsolute(entity).value();
      break;
    case Kind::kAeList: {
      Source::AeList list;
      VisitAes([&list](std::string_view ae) {
        list.push_back(onem2m::AeId::ParseAbsolute(ae).value());
      });
      source->entity = std::move(list);
      break;
    }
    case Kind::kUnresolved:
      break;
  }
  return source;
}

}  // namespace saef::plugin
