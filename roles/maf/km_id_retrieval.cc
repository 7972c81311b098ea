// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/km_id_retrieval.h"

#include <utility>

#include "onem2m/maf_interface.h"

namespace saef::maf {

using onem2m::ResponsePrimitive;
using onem2m::ResponseStatusCode;

bool KmIdRetrieval::IsSession(const bindings::Session& session) const {
  const auto ke_id = onem2m::KeId::Parse(session.psk_identity());
  return session.secure() && ke_id && fetcher_.IsOfMef(*ke_id);
}

ResponsePrimitive KmIdRetrieval::Answer(const onem2m::RequestPrimitive& request,
                                        bindings::Session& session) {
  const std::string_view path = std::string_view(request.to).substr(request.to.starts_with('/'));
  if (path != onem2m::maf::kKmIdRetrievalPath.substr(1)) {
    return onem2m::RespondTo(request, ResponseStatusCode::kOriginatorNotAuthenticated);
  }
  if (request.operation != onem2m::Operation::kRetrieve) {
    return onem2m::RespondTo(request, ResponseStatusCode::kOperationNotAllowed);
  }
  const auto ke_id = onem2m::KeId::Parse(session.psk_identity());
  KmFetcher::Fetched fetched;
  if (!ke_id || fetcher_.Find(*ke_id, &fetched) != SAEF_KEY) {
    // It was fetched for this handshake, and is kept for minutes.
    return onem2m::RespondWithText(request, ResponseStatusCode::kOriginatorNotAuthenticated,
                                   "the enrolment has ended; shake hands again");
  }
  const auto stored = store_.Assign({fetched.client->km_id.Canonical(), ke_id->Canonical(),
                                     std::move(fetched.km), fetched.expires});
  if (!stored) {
    log_(bindings::LogLevel::kError,
         "an enrolled client can't be stored: " + stored.error().message());
    return onem2m::RespondTo(request, ResponseStatusCode::kInternalServerError);
  }
  log_(bindings::LogLevel::kInfo, bindings::Quote(fetched.client->enrolee_id) + " has the KmId " +
                                      bindings::Quote(fetched.client->km_id.text()) + " until " +
                                      onem2m::FormatTimestamp(fetched.expires));
  // TS-0003 8.x.3 step 5: it has served; KmId is for what follows (step 4).
  session.EndAfterResponse();
  ResponsePrimitive response = onem2m::RespondTo(request, ResponseStatusCode::kOk);
  response.content = onem2m::maf::Write(
      onem2m::maf::KmIdRetrievalResponse{fetched.client->km_id, fetched.expires});
  return response;
}

}  // namespace saef::maf
