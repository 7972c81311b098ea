// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/mef/procedures.h"

#include <algorithm>
#include <utility>

#include "onem2m/key_derivation.h"
#include "onem2m/mef_interface.h"

namespace saef::mef {
namespace {

using bindings::LogLevel;
using bindings::Quote;
using onem2m::Operation;
using onem2m::RequestPrimitive;
using onem2m::ResponsePrimitive;
using onem2m::ResponseStatusCode;
using onem2m::Suid;

std::string_view PathOf(const RequestPrimitive& request) {
  const std::string_view to = request.to;
  return to.starts_with('/') ? to.substr(1) : to;
}

// Table 8.3.2.1-6. One text for all that isn't the target's to know.
ResponsePrimitive FetchFailed(const RequestPrimitive& request, ResponseStatusCode status,
                              std::string_view why) {
  ResponsePrimitive response = onem2m::RespondTo(request, status);
  response.content = onem2m::mef::Write(onem2m::mef::FetchFailure{std::string(why)});
  return response;
}

ResponsePrimitive NotForYou(const RequestPrimitive& request) {
  return FetchFailed(request, ResponseStatusCode::kOriginatorHasNoPrivilege,
                     "no credential of this name is for you");
}

}  // namespace

ResponsePrimitive Procedures::Answer(const RequestPrimitive& request, bindings::Session& session,
                                     onem2m::Time now) {
  const std::string_view path = PathOf(request);
  const Participants& known = configuration_.participants;
  const Enrolee* const enrolee = session.secure() ? known.FindEnrolee(session) : nullptr;
  const Target* const target = session.secure() ? known.FindTarget(session) : nullptr;
  if (enrolee == nullptr && target == nullptr) {
    return onem2m::RespondTo(request, ResponseStatusCode::kOriginatorNotAuthenticated);
  }
  if (path == onem2m::mef::kEnrolmentPath.substr(1)) {
    // A POST without resource type reads as NOTIFY; there is nothing else to post here.
    if (request.operation != Operation::kCreate && request.operation != Operation::kNotify) {
      return onem2m::RespondTo(request, ResponseStatusCode::kOperationNotAllowed);
    }
    if (enrolee == nullptr) {
      return onem2m::RespondTo(request, ResponseStatusCode::kOriginatorHasNoPrivilege);
    }
    return Enrol(request, *enrolee, session, now);
  }
  if (path.starts_with(onem2m::mef::kFetchCredentialsPath.substr(1))) {
    if (request.operation != Operation::kRetrieve) {
      return onem2m::RespondTo(request, ResponseStatusCode::kOperationNotAllowed);
    }
    return target == nullptr ? NotForYou(request) : Fetch(request, path, *target, now);
  }
  return onem2m::RespondTo(request, ResponseStatusCode::kNotFound);
}

// TS-0003 8.3.2.1, Enrolment Key Generation and Enrolment Exchange.
ResponsePrimitive Procedures::Enrol(const RequestPrimitive& request, const Enrolee& enrolee,
                                    bindings::Session& session, onem2m::Time now) {
  const auto wish = onem2m::mef::ParseEnrolmentRequest(request.content);
  if (!wish) {
    return onem2m::RespondWithText(request, ResponseStatusCode::kBadRequest,
                                   "not an enrolment request: " + wish.error().message());
  }
  const auto exported =
      session.ExportKeyingMaterial(onem2m::kBootstrapExportLabel, onem2m::kExportLength);
  if (!exported && exported.error() == bindings::Error::kNoExtendedMasterSecret) {
    return onem2m::RespondWithText(
        request, ResponseStatusCode::kBadRequest,
        "no key can be exported from a session without extended master secret (RFC 7627)");
  }
  auto key = exported ? onem2m::SplitExport(exported->bytes())
                      : onem2m::Result<onem2m::ExportedKey>(onem2m::Error::kCryptography);
  if (!key) return onem2m::RespondTo(request, ResponseStatusCode::kInternalServerError);
  const auto ke_id = onem2m::KeId::FromExport(key->relative_id, configuration_.fqdn);
  if (!ke_id) return onem2m::RespondTo(request, ResponseStatusCode::kInternalServerError);
  const auto stored = store_.Insert(
      {ke_id->Canonical(), std::move(key->key), enrolee.name, now + configuration_.lifetime});
  if (!stored && stored.error() == key_store::Error::kIdentifierUsed) {
    return onem2m::RespondWithText(request, ResponseStatusCode::kConflict,
                                   "this session's key has been enrolled; open another session");
  }
  if (!stored) {
    log_(LogLevel::kError, "an enrolment can't be stored: " + stored.error().message());
    return onem2m::RespondTo(request, ResponseStatusCode::kInternalServerError);
  }
  onem2m::mef::EnrolmentResponse answer;
  answer.relative_key_id = ke_id->relative();
  answer.lifetime = configuration_.lifetime;
  answer.enrolee_id = enrolee.id;
  if (wish->maf_enrolment) answer.mafs = enrolee.mafs;
  ResponsePrimitive response = onem2m::RespondTo(request, ResponseStatusCode::kCreated);
  response.content = onem2m::mef::Write(answer);
  log_(LogLevel::kInfo, Quote(enrolee.name) + " has enrolled: " + Quote(ke_id->text()));
  return response;
}

// "The MEF shall validate if the particular Enrolment Target is allowed to fetch credentials for
// the Enrolee with the particular Security Usage Identifier."
bool Procedures::MayFetch(const Target& target, const Enrolee& enrolee, Suid suid) const {
  if (target.maf) {
    return suid == Suid::kRspfMaf &&
           std::ranges::find(enrolee.mafs, *target.maf, &onem2m::mef::MafInstructions::fqdn) !=
               enrolee.mafs.end();
  }
  return suid == Suid::kRspfSaef &&
         std::ranges::find(enrolee.kpsa_targets, *target.entity_b) != enrolee.kpsa_targets.end();
}

ResponsePrimitive Procedures::Fetch(const RequestPrimitive& request, std::string_view path,
                                    const Target& target, onem2m::Time now) {
  // The handshake says who the target is; what it says of itself must agree (8.3.2.1: "the
  // originator field … contains the ID of the Enrolment Target").
  if (request.from && *request.from != target.id()) return NotForYou(request);
  const auto wanted = onem2m::mef::ParseFetchCredentialsPath(path);
  if (!wanted) {
    return FetchFailed(
        request, ResponseStatusCode::kBadRequest,
        "not of the form fetchCredentials/<KeId>/<SUID>: " + wanted.error().message());
  }
  auto found = store_.Find(wanted->ke_id.Canonical());
  if (!found) {
    log_(LogLevel::kError, "an enrolment can't be read: " + found.error().message());
    return FetchFailed(request, ResponseStatusCode::kInternalServerError,
                       "the MEF can't read its store now");
  }
  if (!*found || (*found)->expires <= now) return NotForYou(request);
  const Enrolee* const enrolee = configuration_.participants.FindEnroleeByName((*found)->enrolee);
  if (enrolee == nullptr || !MayFetch(target, *enrolee, wanted->suid)) return NotForYou(request);
  // 10.3.7 for a MAF, 10.3.3 for Entity B.
  auto key = target.maf
                 ? onem2m::DeriveUsageConstrainedKey((*found)->ke, wanted->suid, target.maf->text())
                 : onem2m::DeriveKpsa((*found)->ke, *target.entity_b);
  if (!key) {
    return FetchFailed(request, ResponseStatusCode::kInternalServerError, "no key can be derived");
  }
  onem2m::mef::FetchedCredential fetched;
  fetched.credential = std::move(*key);
  fetched.enrolee_id = enrolee->id;
  if (enrolee->id) fetched.enrolee_type = enrolee->kind;
  fetched.lifetime = (*found)->expires - now;
  ResponsePrimitive response = onem2m::RespondTo(request, ResponseStatusCode::kOk);
  response.content = onem2m::mef::Write(fetched);
  return response;
}

}  // namespace saef::mef
