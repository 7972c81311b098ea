// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any bytes into every parser of identifiers and times. What parses must write a text that parses
// to the same value, and the parsers must agree with each other.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "onem2m/credential_id.h"
#include "onem2m/entity_identifier.h"
#include "onem2m/fqdn.h"
#include "onem2m/key_identifier.h"
#include "onem2m/secret.h"
#include "onem2m/timestamp.h"

namespace {

using namespace saef::onem2m;

void Demand(bool condition) {
  if (!condition) std::abort();
}

void CheckFqdn(std::string_view text) {
  const auto fqdn = Fqdn::Parse(text);
  Demand(fqdn.has_value() == Fqdn::IsValid(text));
  if (!fqdn) return;
  Demand(fqdn->text().size() == text.size());
  Demand(*Fqdn::ParseCanonical(fqdn->text()) == *fqdn);
}

void CheckKeys(std::string_view text) {
  if (const auto id = KeyIdentifier::Parse(text)) {
    Demand(id->text().size() == text.size());
    Demand(*KeyIdentifier::Parse(id->text()) == *id);
    Demand(KeyIdentifier::Parse(id->Canonical())->Canonical() == id->Canonical());
    Demand(IsRelativeKeyIdentifier(id->relative()));
  }
  if (const auto id = CredentialId::Parse(text)) Demand(*CredentialId::Parse(id->text()) == *id);
  if (auto key = Secret::FromBase64(text)) Demand(key->ToBase64() == text);
  if (auto key = Secret::FromHex(text)) {
    Demand(Secret::FromHex(key->ToHex())->Equals(key->bytes()));
  }
}

void CheckEntities(std::string_view text) {
  static const CseId kCse = *CseId::ParseAbsolute("//sp.example.com/cse1");
  const auto cse = CseId::Parse(text, kCse.sp());
  if (cse) Demand(*CseId::ParseAbsolute(cse->Absolute()) == *cse);
  const auto ae = AeId::Parse(text, kCse);
  if (ae) Demand(*AeId::ParseAbsolute(ae->Absolute()) == *ae);
  const Originator originator = ParseOriginator(text);
  switch (originator.form) {
    case OriginatorForm::kCStem:
    case OriginatorForm::kSStem:
      Demand(ae.has_value() && ae->stem() == originator.stem && IsAeIdStem(text));
      break;
    case OriginatorForm::kSpRelativeCStem:
    case OriginatorForm::kAbsoluteCStem:
      Demand(ae.has_value() && ae->stem() == originator.stem && ae->registrar() == originator.cse);
      break;
    case OriginatorForm::kSpRelative:
    case OriginatorForm::kAbsolute:
      Demand(cse.has_value() && cse->name() == originator.stem);
      break;
    default:
      Demand(!cse.has_value() && !ae.has_value());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  CheckFqdn(text);
  CheckKeys(text);
  CheckEntities(text);
  if (const auto time = ParseTimestamp(text)) {
    Demand(FormatTimestamp(*time) == text.substr(0, 15));
  }
  return 0;
}
