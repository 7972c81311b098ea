// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/doctor/certificate_fields.h"

// wolfSSL's settings must be read before its other headers.
#include <wolfssl/wolfcrypt/settings.h>
// Then these:
#include <wolfssl/wolfcrypt/asn_public.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/random.h>

#include "tools/der.h"

namespace saef::tools {
namespace {

constexpr std::uint8_t kUtcTime = 0x17;
constexpr std::uint8_t kGeneralizedTime = 0x18;
constexpr std::uint8_t kBitString = 0x03;
constexpr std::uint8_t kDigitalSignatureBit = 0x80;  // the first bit of keyUsage

// The members of an element's content, one at a time.
class DerMembers {
 public:
  explicit DerMembers(std::string_view content) : rest_(content) {}
  std::optional<DerView> Next() {
    const auto view = ReadDer(rest_);
    if (view) rest_.remove_prefix(view->length);
    return view;
  }

 private:
  std::string_view rest_;
};

// The content of TBSCertificate.
std::optional<std::string_view> TbsOf(std::string_view certificate) {
  const auto whole = ReadDer(certificate);
  if (!whole || whole->tag != kDerSequence) return std::nullopt;
  const auto tbs = ReadDer(whole->content);
  if (!tbs || tbs->tag != kDerSequence) return std::nullopt;
  return tbs->content;
}

std::optional<onem2m::Time> TimeOf(const DerView& view) {
  std::string text(view.content);
  if (view.tag == kUtcTime && text.size() == 13) {
    text.insert(0, text[0] < '5' ? "20" : "19");  // RFC 5280 4.1.2.5.1
  } else if (view.tag != kGeneralizedTime) {
    return std::nullopt;
  }
  if (text.size() != 15 || text.back() != 'Z') return std::nullopt;
  text.pop_back();
  text.insert(8, 1, 'T');
  const auto time = onem2m::ParseTimestamp(text);
  if (!time) return std::nullopt;
  return *time;
}

// The content of an extension's OCTET STRING; empty: there is none.
std::string_view ExtensionOf(std::string_view certificate, std::string_view dotted) {
  const auto tbs = TbsOf(certificate);
  const auto oid = DerOid(dotted);
  if (!tbs || !oid) return {};
  DerMembers members(*tbs);
  while (const auto member = members.Next()) {
    if (member->tag != DerContext(3, true)) continue;
    const auto list = ReadDer(member->content);
    if (!list) return {};
    DerMembers extensions(list->content);
    while (const auto extension = extensions.Next()) {
      DerMembers fields(extension->content);
      const auto name = fields.Next();
      if (!name || name->content != *oid) continue;
      auto value = fields.Next();
      if (value && value->tag == kDerBoolean) value = fields.Next();
      return value ? value->content : std::string_view();
    }
  }
  return {};
}

}  // namespace

std::optional<Validity> DatesOfCertificate(std::string_view certificate) {
  const auto tbs = TbsOf(certificate);
  if (!tbs) return std::nullopt;
  DerMembers members(*tbs);
  // Version [0], which may be missing; serialNumber, signature, issuer, validity.
  auto member = members.Next();
  if (member && member->tag == DerContext(0, true)) member = members.Next();
  for (int i = 0; i < 3 && member; ++i) member = members.Next();
  if (!member) return std::nullopt;
  DerMembers dates(member->content);
  const auto from = dates.Next();
  const auto to = dates.Next();
  if (!from || !to) return std::nullopt;
  const auto begin = TimeOf(*from);
  const auto end = TimeOf(*to);
  if (!begin || !end) return std::nullopt;
  return Validity{*begin, *end};
}

bool MaySignHandshakes(std::string_view certificate) {
  const auto bits = ReadDer(ExtensionOf(certificate, "2.5.29.15"));
  return bits && bits->tag == kBitString && bits->content.size() >= 2 &&
         (static_cast<std::uint8_t>(bits->content[1]) & kDigitalSignatureBit) != 0;
}

bool IsAuthority(std::string_view certificate) {
  const auto constraints = ReadDer(ExtensionOf(certificate, "2.5.29.19"));
  if (!constraints || constraints->tag != kDerSequence) return false;
  const auto ca = ReadDer(constraints->content);
  return ca && ca->tag == kDerBoolean && ca->content == "\xff";
}

std::string PublicKeyOfPrivate(const onem2m::Secret& key) {
  ecc_key pair;
  if (wc_ecc_init(&pair) != 0) return {};
  std::string spki(256, '\0');
  word32 at = 0;
  int size = wc_EccPrivateKeyDecode(key.data(), &at, &pair, static_cast<word32>(key.size()));
  WC_RNG rng;
  const bool seeded = size == 0 && wc_InitRng(&rng) == 0;
  // The file may hold the private number alone; the generator blinds the multiplication.
  if (seeded && wc_ecc_make_pub_ex(&pair, nullptr, &rng) == 0) {
    size = wc_EccPublicKeyToDer(&pair, reinterpret_cast<byte*>(spki.data()),
                                static_cast<word32>(spki.size()), 1);
  } else {
    size = -1;
  }
  if (seeded) wc_FreeRng(&rng);
  wc_ecc_free(&pair);
  spki.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return spki;
}

}  // namespace saef::tools
