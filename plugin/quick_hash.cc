// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/quick_hash.h"

namespace saef::plugin {

const ProcessSecret<XXH3_SECRET_SIZE_MIN> QuickHash::secret_;

}  // namespace saef::plugin
