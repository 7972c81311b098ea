// SPDX-License-Identifier: GPL-3.0-or-later
//
// CheckCredentialFetch: what a MEF's answer to a fetch of Kpsa comes to (TS-0003 8.3.2.1 steps f
// and g, table 8.3.2.1-5; 8.2.2.1). Pure. The MEF is trusted to say whose a key is, but not to be
// well formed.
#ifndef SAEF_PLUGIN_CREDENTIAL_FETCH_CHECK_H_
#define SAEF_PLUGIN_CREDENTIAL_FETCH_CHECK_H_

#include "onem2m/entity_identifier.h"
#include "onem2m/primitive.h"
#include "plugin/clock.h"
#include "plugin/fetch_answer.h"
#include "plugin/psk_identity.h"

namespace saef::plugin {

struct CredentialFetchContext {
  const PskIdentity& ke_id;  // what was asked for
  const onem2m::CseId& own;  // who asked
  TimePoint now;             // a lifetime counts from here
};

// `response.content`, which may hold a key, is wiped.
FetchAnswer CheckCredentialFetch(onem2m::ResponsePrimitive& response,
                                 const CredentialFetchContext& context);

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_CREDENTIAL_FETCH_CHECK_H_
