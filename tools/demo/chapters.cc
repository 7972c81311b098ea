// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "tools/demo/chapter.h"

namespace saef::tools {
namespace {

constexpr std::array kChapters = {
    Chapter{"main", "The MAF-based association: a MAF, a CSE with saef.so, an Entity A",
            RunMainChapter},
    Chapter{"https", "The same with a MAF that is asked over HTTP on TLS", RunHttpsChapter},
    Chapter{"cse-to-cse", "Two CSEs, the Registree and the Registrar as originator",
            RunCseToCseChapter},
    Chapter{"kpsa", "A provisioned key each, no MAF", RunKpsaChapter},
    Chapter{"enrolled-kpsa", "An MEF provides that key: nothing but Kpm to begin with, no MAF",
            RunEnrolledKpsaChapter},
    Chapter{"certificates", "Certificates and raw public keys, no MAF", RunCertificatesChapter},
    Chapter{"maf-certificates", "A MAF whose clients have certificates, over DTLS and TLS",
            RunMafCertificatesChapter},
    Chapter{"enrolment", "An MEF provides the MAF's keys: nothing but Kpm to begin with",
            RunEnrolmentChapter},
    Chapter{"esdata", "One key for many readers, its list of targets, its two halves",
            RunEsDataChapter},
    Chapter{"withdrawal", "A key is taken back while its session stands", RunWithdrawalChapter},
};

}  // namespace

std::span<const Chapter> Chapters() { return kChapters; }

const Chapter* FindChapter(std::string_view name) {
  const auto* const found =
      std::ranges::find_if(kChapters, [name](const Chapter& c) { return c.name == name; });
  return found == kChapters.end() ? nullptr : found;
}

ExitCode RunChapters(std::span<const Chapter* const> chapters, const DemoOptions& options,
                     std::ostream& out) {
  Account account(out);
  ExitCode code = ExitCode::kDone;
  for (const Chapter* chapter : chapters) {
    DemoOptions own = options;
    if (chapters.size() > 1) {
      own.folder /= chapter->name;
      account.Title(chapter->summary);
    }
    if (chapter->run(own, account) != ExitCode::kDone) code = ExitCode::kUsage;
  }
  account.Chapter(account.all_good()
                      ? "All " + std::to_string(account.steps()) + " steps came as they should."
                      : "Something didn't come as it should: see NOT above.");
  if (code != ExitCode::kDone) return code;
  return account.all_good() ? ExitCode::kDone : ExitCode::kRefused;
}

}  // namespace saef::tools
