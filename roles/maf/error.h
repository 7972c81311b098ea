// SPDX-License-Identifier: GPL-3.0-or-later
//
// What can go wrong inside the MAF: what can go wrong with its store (roles/key-store/error.h).
#ifndef SAEF_ROLES_MAF_ERROR_H_
#define SAEF_ROLES_MAF_ERROR_H_

#include "roles/key-store/error.h"

namespace saef::maf {

using key_store::Error;
using key_store::Result;

}  // namespace saef::maf

#endif  // SAEF_ROLES_MAF_ERROR_H_
