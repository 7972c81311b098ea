// SPDX-License-Identifier: GPL-3.0-or-later
//
// Does an established session use the extended master secret (RFC 7627)? Without it two sessions
// can share one master secret, and a key that is exported from it (RFC 5705; TS-0003 10.3.1) can't
// be trusted to be this session's alone. wolfSSL knows, but tells it in no public header; this is
// the one file that reads wolfSSL's internal structures.
#ifndef SAEF_BINDINGS_EXTENDED_MASTER_SECRET_H_
#define SAEF_BINDINGS_EXTENDED_MASTER_SECRET_H_

#include <wolfssl/ssl.h>

namespace saef::bindings {

// False also for null and before the ServerHello has been written or read. Threads: the session's.
bool HasExtendedMasterSecret(const WOLFSSL* ssl) noexcept;

}  // namespace saef::bindings

#endif  // SAEF_BINDINGS_EXTENDED_MASTER_SECRET_H_
