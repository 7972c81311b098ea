// SPDX-License-Identifier: GPL-3.0-or-later
//
// CheckOriginator: may a request with this From come through this association, or through none?
// TS-0003 7.2.1 and TS-0004 7.3.2.1. Pure but for the questions; the whole table is the test's.
//
// Stems are completed with the CSE's own identifier before they are compared. Where the standard is
// silent, and where we are stricter than it:
//   - CREATE <AE> is what an AE does for itself: not through a CSE's association (4106).
//   - Our own CSE-ID in From never comes from outside (4106; in the clear it is a CSE-ID: 4107).
//   - "C" or "S" asks for an identity; where the association already has one, it must be of that
//   kind.
//   - While only a Credential-ID is known, the entity may register as an AE, and nothing else.
//   - An AE that has spoken through an association isn't believed without one (4107): else plain
//   HTTP
//     would be a side door to each identity that the association protects.
#ifndef SAEF_PLUGIN_ORIGINATOR_CHECK_H_
#define SAEF_PLUGIN_ORIGINATOR_CHECK_H_

#include <span>
#include <string_view>

#include "onem2m/entity_identifier.h"
#include "onem2m/response_status_code.h"

namespace saef::plugin {

// What the check asks. CSE-IDs as saef_host has them: "/cse2" within the own service provider.
class OriginatorQuestions {
 public:
  virtual ~OriginatorQuestions() = default;
  virtual bool IsRegisteredAe(std::string_view stem) = 0;
  virtual bool IsRegistreeCse(std::string_view cse_id) = 0;
  // Associations::IsSecured.
  virtual bool IsSecured(const onem2m::AeId& ae) = 0;
  // Does this AE-ID belong to another credential than this association's?
  virtual bool IsAssignedToAnother(const onem2m::AeId& ae) = 0;
};

// Who speaks, as the association knows it.
struct Speaker {
  enum class Kind {
    kNone,        // no association, or one that has ended
    kUnresolved,  // only a Credential-ID
    kAe,
    kCse,
  };
  Kind kind = Kind::kNone;
  // kAe: the AE-IDs that it may have; one, or those of a device or Node-ID certificate.
  std::span<const onem2m::AeId> aes{};
  const onem2m::CseId* cse = nullptr;  // kCse
};

struct OriginatorVerdict {
  onem2m::ResponseStatusCode status = onem2m::ResponseStatusCode::kInternalServerError;
  std::string_view reason;  // for the log; empty for kOk. A literal.
};

struct OriginatorRequest {
  bool registers_ae = false;  // CREATE <AE>
  std::string_view from;      // empty: absent
  std::string_view app_id{};  // of the <AE>; the originator check itself doesn't look at it
};

// `always`: an association is demanded of everybody (configuration, "require": "always").
OriginatorVerdict CheckOriginator(const onem2m::CseId& own, bool always, const Speaker& speaker,
                                  const OriginatorRequest& request, OriginatorQuestions& questions);

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_ORIGINATOR_CHECK_H_
