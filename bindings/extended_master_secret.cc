// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/extended_master_secret.h"

#include <wolfssl/internal.h>

namespace saef::bindings {

bool HasExtendedMasterSecret(const WOLFSSL* ssl) noexcept {
  // Before the hellos have crossed, the flag says only that we would like to.
  return ssl != nullptr && ssl->options.haveEMS != 0 &&
         ssl->options.serverState >= SERVER_HELLO_COMPLETE;
}

}  // namespace saef::bindings
