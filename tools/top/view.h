// SPDX-License-Identifier: GPL-3.0-or-later
//
// What `saef top` shows of a program: a heading and lines of numbers, those that say something.
// Pure.
#ifndef SAEF_TOOLS_TOP_VIEW_H_
#define SAEF_TOOLS_TOP_VIEW_H_

#include <cstddef>
#include <string>
#include <vector>

#include "tools/top/snapshot.h"

namespace saef::tools {

struct ViewOptions {
  std::size_t width = 100;  // columns
  bool utf8 = true;         // the histogram in block characters, else in ASCII
};

// `before`, where it isn't null: an earlier snapshot of the same process, for what happens a second
// and for the histograms of the time between; else all is since its start.
std::vector<std::string> RenderSnapshot(const std::string& place, const Snapshot& now,
                                        const Snapshot* before, const ViewOptions& options);

}  // namespace saef::tools

#endif  // SAEF_TOOLS_TOP_VIEW_H_
