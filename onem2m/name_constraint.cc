// SPDX-License-Identifier: GPL-3.0-or-later
#include "onem2m/name_constraint.h"

#include <optional>

#include "onem2m/ascii.h"
#include "onem2m/parsed_certificate.h"

namespace saef::onem2m {
namespace {

constexpr std::uint8_t kConstraintOid = 0x06;
constexpr std::uint8_t kConstraintRelativeOid = 0x0d;

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() &&
         ascii::EqualsWithoutCase(text.substr(text.size() - end.size()), end);
}

// "sp.example" has itself and all that is below it; ".sp.example" only the latter.
bool DomainLiesWithin(std::string_view domain, std::string_view base) {
  if (base.front() == '.') return domain.size() > base.size() && EndsWith(domain, base);
  return ascii::EqualsWithoutCase(domain, base) ||
         (domain.size() > base.size() && EndsWith(domain, base) &&
          domain[domain.size() - base.size() - 1] == '.');
}

// Of a URI and of a mailbox: a base without '.' in front is one host.
bool HostLiesWithin(std::string_view host, std::string_view base) {
  return base.front() == '.' ? DomainLiesWithin(host, base) : ascii::EqualsWithoutCase(host, base);
}

// RFC 3986 3.2; empty where there is none, which lies within nothing.
std::string_view HostOf(std::string_view uri) {
  const std::size_t scheme = uri.find("://");
  if (scheme == std::string_view::npos) return {};
  uri.remove_prefix(scheme + 3);
  uri = uri.substr(0, uri.find_first_of("/?#"));
  const std::size_t user = uri.rfind('@');
  if (user != std::string_view::npos) uri.remove_prefix(user + 1);
  return uri.starts_with('[') ? uri : uri.substr(0, uri.find(':'));
}

bool MailboxLiesWithin(std::string_view mailbox, std::string_view base) {
  const std::size_t at = mailbox.rfind('@');
  if (at == std::string_view::npos) return false;
  if (base.find('@') != std::string_view::npos) return mailbox == base;
  return HostLiesWithin(mailbox.substr(at + 1), base);
}

// The base is an address and a mask of its length.
bool AddressLiesWithin(std::string_view address, std::string_view base) {
  if (base.size() != address.size() * 2) return false;
  for (std::size_t i = 0; i < address.size(); ++i) {
    if (((address[i] ^ base[i]) & base[address.size() + i]) != 0) return false;
  }
  return true;
}

struct OtherName {
  std::string_view type_id;
  Der value;
};

std::optional<OtherName> ReadOtherName(std::string_view text) {
  const auto type_id = TakeDer(text);
  auto explicit_value = TakeDer(text);
  if (!type_id || type_id->tag != kConstraintOid || !explicit_value || !text.empty()) {
    return std::nullopt;
  }
  const auto value = TakeDer(explicit_value->content);
  if (!value || !explicit_value->content.empty()) return std::nullopt;
  return OtherName{type_id->content, *value};
}

// TS-0003 10.1.1.4.2: the value of a subtree of M2M Device IDs is what these begin with.
bool OtherNameLiesWithin(std::string_view name, std::string_view base) {
  const auto named = ReadOtherName(name);
  const auto subtree = ReadOtherName(base);
  if (!named || !subtree || named->type_id != subtree->type_id ||
      named->value.tag != subtree->value.tag) {
    return false;
  }
  const std::string_view arcs = subtree->value.content;
  if (named->value.tag != kConstraintOid && named->value.tag != kConstraintRelativeOid) {
    return named->value.content == arcs;
  }
  // The last octet of an arc has no 0x80 (X.690 8.19.2), so such a prefix ends where an arc does.
  const bool ends_with_an_arc = arcs.empty() || (arcs.back() & 0x80) == 0;
  return ends_with_an_arc && named->value.content.starts_with(arcs);
}

}  // namespace

bool LiesWithin(const GeneralName& name, std::string_view base) {
  if (base.empty()) return true;
  switch (name.type) {
    case ASN_DNS_TYPE:
      return DomainLiesWithin(name.text, base);
    case ASN_URI_TYPE: {
      const std::string_view host = HostOf(name.text);
      return !host.empty() && HostLiesWithin(host, base);
    }
    case ASN_RFC822_TYPE:
      return MailboxLiesWithin(name.text, base);
    case ASN_DIR_TYPE:
      // Both are sequences of whole elements, so a prefix in bytes is one in elements.
      return name.text.starts_with(base);
    case ASN_IP_TYPE:
      return AddressLiesWithin(name.text, base);
    case ASN_OTHER_TYPE:
      return OtherNameLiesWithin(name.text, base);
    default:
      return name.text == base;
  }
}

}  // namespace saef::onem2m
