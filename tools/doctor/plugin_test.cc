// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/doctor/plugin.h"

#include <sys/stat.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

#include "tools/doctor/files.h"
#include "tools/doctor/party.h"
#include "tools/temporary_folder.h"

namespace saef::tools {
namespace {

void WriteFile(const std::filesystem::path& path, std::string_view text, mode_t mode) {
  std::ofstream(path) << text;
  BOOST_REQUIRE_EQUAL(::chmod(path.c_str(), mode), 0);
}

// A configuration with one MAF and its key file.
struct PluginSite {
  TemporaryFolder folder;
  DoctorQuestions questions;

  explicit PluginSite(std::string_view fqdn = "maf.example.com", mode_t key_mode = 0600) {
    questions.config = (folder.path() / "saef.json").string();
    questions.module = (folder.path() / "saef.so").string();
    WriteFile(folder.path() / "cse1.km", "00", key_mode);
    WriteFile(questions.config,
              "{\"cse\":{\"serviceProvider\":\"sp.example.com\"},\"mafs\":[{\"fqdn\":\"" +
                  std::string(fqdn) + "\",\"kmFile\":\"cse1.km\"}]}",
              0644);
  }
};

// The only bad finding, or fails.
Finding OnlyBad(const Findings& findings) {
  Findings bad;
  std::copy_if(findings.begin(), findings.end(), std::back_inserter(bad),
               [](const Finding& f) { return f.kind == Finding::Kind::kBad; });
  BOOST_REQUIRE_EQUAL(bad.size(), 1u);
  BOOST_TEST(!bad.front().todo.empty());
  return bad.front();
}

bool Says(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// What is found in the files of the configuration.
Findings Files(const PluginSite& site) {
  Findings findings;
  const auto document = ExamineJson(site.questions.config, &findings);
  if (!document) return findings;
  for (Finding& finding :
       ExamineFiles(site.questions.config, *document, site.questions, onem2m::Now()))
    findings.push_back(std::move(finding));
  return findings;
}

BOOST_AUTO_TEST_SUITE(doctor)

BOOST_AUTO_TEST_CASE(a_right_configuration_has_nothing_bad) {
  const PluginSite site;
  BOOST_TEST((Verdict(Files(site)) == ExitCode::kDone));
}

BOOST_AUTO_TEST_CASE(a_missing_configuration) {
  PluginSite site;
  site.questions.config += ".gone";
  BOOST_TEST(Says(OnlyBad(Files(site)).what, "can't be read"));
}

BOOST_AUTO_TEST_CASE(a_configuration_that_is_not_json) {
  const PluginSite site;
  WriteFile(site.questions.config, "{\"mafs\":", 0644);
  BOOST_TEST(Says(OnlyBad(Files(site)).what, "not a JSON object"));
}

BOOST_AUTO_TEST_CASE(a_key_file_that_others_can_read) {
  for (const mode_t mode : {0640, 0604, 0620, 0666}) {
    const PluginSite site("maf.example.com", mode);
    const Finding finding = OnlyBad(Files(site));
    BOOST_TEST(Says(finding.what, "by others"));
    BOOST_TEST(Says(finding.todo, "chmod 600"));
    BOOST_TEST((finding.code == ExitCode::kUsage));
  }
}

BOOST_AUTO_TEST_CASE(a_missing_key_file) {
  const PluginSite site;
  std::filesystem::remove(site.folder.path() / "cse1.km");
  BOOST_TEST(Says(OnlyBad(Files(site)).what, "No such file"));
}

BOOST_AUTO_TEST_CASE(an_fqdn_with_upper_case) {
  const PluginSite site("MAF.example.com");
  const Finding finding = OnlyBad(Files(site));
  BOOST_TEST(Says(finding.what, "upper case"));
  BOOST_TEST(Says(finding.todo, "lower case"));
}

BOOST_AUTO_TEST_CASE(a_kcid_too_long_for_the_hosts_library) {
  PluginSite site("maf.example.com");  // 15 characters: a KcId has 48
  site.questions.identity_limit = 48;
  BOOST_TEST((Verdict(Files(site)) == ExitCode::kDone));
  site.questions.identity_limit = 47;
  BOOST_TEST(Says(OnlyBad(Files(site)).what, "48 characters"));
}

BOOST_AUTO_TEST_CASE(a_module_that_does_not_load) {
  const PluginSite site;
  const Finding finding = OnlyBad(ExamineModule(site.questions));
  BOOST_TEST(Says(finding.what, site.questions.module));
  BOOST_TEST((finding.code == ExitCode::kUsage));
}

saef_probe_report Report(std::int32_t outcome, std::int64_t clock_offset_s) {
  static constexpr std::string_view kFqdn = "maf.example.com";
  static constexpr std::string_view kText = "what happened";
  saef_probe_report report{};
  report.size = sizeof(report);
  report.maf_fqdn = kFqdn.data();
  report.maf_fqdn_length = kFqdn.size();
  report.outcome = outcome;
  report.round_trip_us = 1234;
  report.has_clock_offset = SAEF_YES;
  report.clock_offset_s = clock_offset_s;
  report.text = kText.data();
  report.text_length = kText.size();
  return report;
}

BOOST_AUTO_TEST_CASE(what_a_probe_says) {
  using std::chrono::seconds;
  BOOST_TEST((Verdict(Judge(Report(SAEF_DONE, 60), seconds(60))) == ExitCode::kDone));
  BOOST_TEST((Verdict(Judge(Report(SAEF_DENIED, 0), seconds(60))) == ExitCode::kRefused));
  BOOST_TEST((Verdict(Judge(Report(SAEF_UNAVAILABLE, 0), seconds(60))) == ExitCode::kUnreachable));
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_far_off) {
  for (const std::int64_t offset : {61, -61, 86400}) {
    const Finding finding = OnlyBad(Judge(Report(SAEF_DONE, offset), std::chrono::seconds(60)));
    BOOST_TEST(Says(finding.what, "clock"));
    BOOST_TEST(Says(finding.todo, "NTP"));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::tools
