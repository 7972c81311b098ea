// SPDX-License-Identifier: GPL-3.0-or-later
//
// CheckKeyRetrieval: what a MAF's answer to a Key Retrieval comes to (TS-0003 8.x.6 steps 5 and 6,
// 8.2.2.3 steps 9 and 12). Pure. The MAF is trusted to say whose a key is, but not to be well
// formed, and not to speak for another MAF.
#ifndef SAEF_PLUGIN_KEY_RETRIEVAL_CHECK_H_
#define SAEF_PLUGIN_KEY_RETRIEVAL_CHECK_H_

#include "onem2m/entity_identifier.h"
#include "onem2m/fqdn.h"
#include "onem2m/primitive.h"
#include "onem2m/timestamp.h"
#include "plugin/clock.h"
#include "plugin/fetch_answer.h"

namespace saef::plugin {

struct KeyRetrievalContext {
  const onem2m::Fqdn& maf;    // who answered
  const onem2m::CseId& own;   // who asked
  TimePoint now;              // a lifetime counts from here
  onem2m::Time calendar_now;  // the same moment, for expirationTime
};

// `response.content`, which may hold a key, is wiped.
FetchAnswer CheckKeyRetrieval(onem2m::ResponsePrimitive& response,
                              const KeyRetrievalContext& context);

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_KEY_RETRIEVAL_CHECK_H_
