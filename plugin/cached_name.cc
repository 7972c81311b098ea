// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/cached_name.h"

namespace saef::plugin {

const ProcessSecret<XXH3_SECRET_SIZE_MIN> CachedName::secret_;

}  // namespace saef::plugin
