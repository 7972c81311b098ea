// SPDX-License-Identifier: GPL-3.0-or-later
//
// FilledMaf: `saef maf` as a process of its own, whose store on disk holds so many keys already
// (filled_store.h). Their sources may register keys for the same target, the CSE of kTargetKmId.
#ifndef SAEF_TESTS_BENCH_FILLED_MAF_H_
#define SAEF_TESTS_BENCH_FILLED_MAF_H_

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>

#include "tests/bench/key_ids.h"
#include "tools/child_process.h"
#include "tools/temporary_folder.h"

namespace saef::bench {

inline const std::string kTargetKmId = "cse1@maf.example.com";
inline const std::string kTargetId = "//sp.example.com/cse1";

class FilledMaf {
 public:
  explicit FilledMaf(std::size_t keys) : ids_(keys) {}

  // `program` is `saef`. A sentence where it can't be started.
  std::optional<std::string> Start(const std::string& program);

  // Those that are stored.
  const KeyIds& ids() const { return ids_; }
  const std::string& uri() const { return process_->uris().front(); }
  pid_t pid() const { return process_->pid(); }

 private:
  std::string Configuration() const;

  const KeyIds ids_;
  const tools::TemporaryFolder folder_;
  std::optional<tools::ChildProcess> process_;
};

}  // namespace saef::bench

#endif  // SAEF_TESTS_BENCH_FILLED_MAF_H_
