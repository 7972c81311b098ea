// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/originator_check.h"

#include <algorithm>
#include <string>

namespace saef::plugin {
namespace {

using onem2m::AeId;
using onem2m::CseId;
using onem2m::Originator;
using onem2m::OriginatorForm;
using Status = onem2m::ResponseStatusCode;

constexpr OriginatorVerdict kGoOn{Status::kOk, {}};

OriginatorVerdict Bad(std::string_view reason) { return {Status::kBadRequest, reason}; }
OriginatorVerdict NotAuthenticated(std::string_view reason) {
  return {Status::kOriginatorNotAuthenticated, reason};
}
OriginatorVerdict Required(std::string_view reason) {
  return {Status::kSecurityAssociationRequired, reason};
}

bool IsStem(OriginatorForm form) {
  return form == OriginatorForm::kCStem || form == OriginatorForm::kSStem;
}
// What an AE may say instead of a stem when it registers.
bool AsksForIdentity(OriginatorForm form) {
  return form == OriginatorForm::kNone || form == OriginatorForm::kJustC ||
         form == OriginatorForm::kJustS;
}
bool HasCTypeWithCse(OriginatorForm form) {
  return form == OriginatorForm::kSpRelativeCStem || form == OriginatorForm::kAbsoluteCStem;
}

struct Check {
  const CseId& own;
  const OriginatorRequest& request;
  OriginatorQuestions& questions;
  Originator from;
  std::string from_sp;  // the service provider that `from` belongs to, in lower case

  Check(const CseId& own_id, const OriginatorRequest& of, OriginatorQuestions& host)
      : own(own_id),
        request(of),
        questions(host),
        from(onem2m::ParseOriginator(of.from)),
        from_sp(own_id.sp().text()) {
    if (from.sp.empty()) return;
    // Folded, or "//SP.example.com/cse2" would pass for another than "//sp.example.com/cse2".
    const auto sp = onem2m::Fqdn::Parse(from.sp);
    if (sp) {
      from_sp = sp->text();
    } else {
      from.form = OriginatorForm::kOther;
    }
  }

  // Nothing in From, or nothing that could name anybody, where that isn't allowed.
  bool NamesNobody() const {
    return from.form == OriginatorForm::kOther ||
           (AsksForIdentity(from.form) && !request.registers_ae);
  }

  bool InOwnSp() const { return from_sp == own.sp().text(); }

  // The CSE that From names, or whose AE it names, as saef_host.is_registree_cse wants it.
  std::string CseIdForHost(std::string_view name) const {
    const std::string relative = "/" + std::string(name);
    return InOwnSp() ? relative : "//" + from_sp + relative;
  }
  bool IsCse(const CseId& cse, std::string_view name) const {
    return name == cse.name() && from_sp == cse.sp().text();
  }

  OriginatorVerdict ThroughAe(std::span<const AeId> aes) const {
    if (!IsStem(from.form) && !AsksForIdentity(from.form)) {
      return Bad("From of an AE must be an AE-ID-Stem");
    }
    if (AsksForIdentity(from.form)) {
      if (!request.registers_ae) return Bad("From must be an AE-ID-Stem");
      return AskedFor(aes);
    }
    const auto claimed = AeId::Parse(request.from, own);
    if (claimed && std::find(aes.begin(), aes.end(), *claimed) != aes.end()) return kGoOn;
    return NotAuthenticated("From is not the AE-ID behind this association");
  }

  // Registration without naming oneself: what is behind the association must be able to be a
  // registree of ours, and of the kind that is asked for.
  OriginatorVerdict AskedFor(std::span<const AeId> aes) const {
    const auto is_ours = [this](const AeId& ae) { return ae.MayRegisterWith(own); };
    if (std::none_of(aes.begin(), aes.end(), is_ours)) {
      return NotAuthenticated("the AE behind this association belongs to another CSE");
    }
    const bool wants_c = from.form == OriginatorForm::kJustC;
    const bool wants_s = from.form == OriginatorForm::kJustS;
    const auto is_wanted = [&](const AeId& ae) {
      return is_ours(ae) && (ae.assigned_by_cse() ? !wants_s : !wants_c);
    };
    if (std::none_of(aes.begin(), aes.end(), is_wanted)) {
      return NotAuthenticated("the AE behind this association has an AE-ID of the other kind");
    }
    return kGoOn;
  }

  OriginatorVerdict ThroughCse(const CseId& cse) const {
    if (request.registers_ae) {
      return NotAuthenticated("an AE registers through an association of its own");
    }
    if (NamesNobody()) return Bad("From names no originator");
    if (from.form == OriginatorForm::kCStem) {
      return NotAuthenticated("a C-type AE-ID-Stem is an AE's of this CSE, not of that one");
    }
    if (from.form == OriginatorForm::kSStem) return kGoOn;
    const std::string_view name = HasCTypeWithCse(from.form) ? from.cse : from.stem;
    if (IsCse(cse, name)) return kGoOn;
    if (!HasCTypeWithCse(from.form) && IsCse(own, name)) {
      return NotAuthenticated("From is this CSE itself");
    }
    if (questions.IsRegistreeCse(CseIdForHost(name))) {
      return NotAuthenticated("From is another registree, or an AE of another registree");
    }
    return kGoOn;
  }

  OriginatorVerdict ThroughUnresolved() const {
    if (NamesNobody()) return Bad("From names no originator");
    if (!request.registers_ae) {
      return NotAuthenticated("the entity behind this association has no AE-ID yet");
    }
    if (AsksForIdentity(from.form)) return kGoOn;
    if (!IsStem(from.form)) return Bad("From of an AE must be an AE-ID-Stem");
    const auto claimed = AeId::Parse(request.from, own);
    if (!claimed) return Bad("From names no originator");
    if (questions.IsAssignedToAnother(*claimed)) {
      return NotAuthenticated("From is assigned to another credential");
    }
    return kGoOn;
  }

  OriginatorVerdict InTheClear(bool always) const {
    if (always) return Required("a security association is demanded for every request");
    if (NamesNobody()) return Bad("From names no originator");
    if (AsksForIdentity(from.form)) return kGoOn;
    if (IsStem(from.form)) return AeInTheClear();
    // "/Sx" and "//fqdn/Sx": an AE, if it is one of ours; else it is taken for a CSE.
    const bool is_our_s = onem2m::IsAeIdStem(from.stem) && from.stem.front() == 'S' && InOwnSp() &&
                          questions.IsRegisteredAe(from.stem);
    if (HasCTypeWithCse(from.form) || is_our_s) {
      // TS-0001 10.2.2.2 step 002: nothing, "C", "S" or a stem.
      if (request.registers_ae) return Bad("From of an AE that registers must be an AE-ID-Stem");
      return AeInTheClear();
    }
    return Required("a CSE must speak through a security association");
  }

  OriginatorVerdict AeInTheClear() const {
    const auto claimed = AeId::Parse(request.from, own);
    if (!claimed) return Bad("From names no originator");
    if (!request.registers_ae) {
      if (!claimed->MayRegisterWith(own) || !questions.IsRegisteredAe(claimed->stem())) {
        return NotAuthenticated("From is no AE that is registered here");
      }
    }
    if (questions.IsSecured(*claimed)) {
      return Required("this AE has a security association and must speak through it");
    }
    return kGoOn;
  }
};

}  // namespace

OriginatorVerdict CheckOriginator(const CseId& own, bool always, const Speaker& speaker,
                                  const OriginatorRequest& request,
                                  OriginatorQuestions& questions) {
  const Check check(own, request, questions);
  switch (speaker.kind) {
    case Speaker::Kind::kAe:
      return check.ThroughAe(speaker.aes);
    case Speaker::Kind::kCse:
      return check.ThroughCse(*speaker.cse);
    case Speaker::Kind::kUnresolved:
      return check.ThroughUnresolved();
    case Speaker::Kind::kNone:
      break;
  }
  return check.InTheClear(always);
}

}  // namespace saef::plugin
