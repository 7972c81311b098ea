// SPDX-License-Identifier: GPL-3.0-or-later
//
// OpenMafClient: a client of a MAF whose credential may come from an enrolment, for who must never
// block: the enrolment runs on a thread of its own, requests meanwhile wait within their timeouts,
// and where it fails they fail with kUnreachable. A renewed credential means a new session; what is
// under way on the old one ends with kClosed. After a failure the next enrolment waits: a second,
// then twice as long each time, a minute at most.
//
// For a credential that is there from the start this is the client of bindings/ itself.
#ifndef SAEF_END_POINT_ENROLLING_CLIENT_H_
#define SAEF_END_POINT_ENROLLING_CLIENT_H_

#include <memory>

#include "bindings/client.h"
#include "end-point/maf_access.h"

namespace saef::end_point {

// `client` as for MafAccess::Open; the path of its URI isn't used. Where it has no URI, requests
// have in To what comes behind the path of the one that the MEF gives. The client's destructor ends
// an enrolment that is under way within a second, and joins. Its Connect blocks as long as an
// enrolment takes.
bindings::Result<std::unique_ptr<bindings::Client>> OpenMafClient(std::shared_ptr<MafAccess> access,
                                                                  bindings::ClientOptions client);

}  // namespace saef::end_point

#endif  // SAEF_END_POINT_ENROLLING_CLIENT_H_
