// SPDX-License-Identifier: GPL-3.0-or-later
//
// The doctor on who must be reached, with MAF and MEF on real sockets: reached, refused and not
// there are three things, over both bindings.
#include "tools/doctor/reach.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "onem2m/test_certificates.h"
#include "roles/enrolment_testing.h"
#include "tools/doctor/files.h"

namespace saef::tools {
namespace {

using onem2m::CertificateMaker;
using roles::testing::EnrolmentHouse;

// The one finding of the configuration that stands there.
Finding ReachOf(const std::string& path, std::chrono::milliseconds timeout) {
  Findings findings;
  const auto document = ExamineJson(path, &findings);
  BOOST_REQUIRE(document.has_value());
  findings = ExamineReach(path, *document, timeout);
  BOOST_REQUIRE_EQUAL(findings.size(), 1u);
  BOOST_TEST(findings[0].todo.empty() == (findings[0].code == ExitCode::kDone));
  BOOST_TEST_MESSAGE(findings[0].what);
  return findings[0];
}

bool Tells(const Finding& finding, const std::string& part) {
  return finding.what.find(part) != std::string::npos;
}

// Takes a port, and says nothing there.
class MuteListener {
 public:
  explicit MuteListener(int type) : socket_(socket(AF_INET, type, 0)) {
    sockaddr_in where = {};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(where);
    auto* const address = reinterpret_cast<sockaddr*>(&where);
    BOOST_REQUIRE_EQUAL(bind(socket_, address, size), 0);
    if (type == SOCK_STREAM) BOOST_REQUIRE_EQUAL(listen(socket_, 8), 0);
    BOOST_REQUIRE_EQUAL(getsockname(socket_, address, &size), 0);
    port_ = std::to_string(ntohs(where.sin_port));
  }
  ~MuteListener() { close(socket_); }
  MuteListener(const MuteListener&) = delete;
  MuteListener& operator=(const MuteListener&) = delete;
  const std::string& port() const { return port_; }

 private:
  const int socket_;
  std::string port_;
};

struct ReachScene : EnrolmentHouse {
  // entity.json of ae1.
  std::string Entity(const std::string& uri, const std::string& km_id = "ae1@maf.example.com",
                     const std::string& km_file = "ae1.km") const {
    return Write("entity.json", R"({"maf":{"fqdn":"maf.example.com","keyRegistration":")" + uri +
                                    R"(/kr","kmId":")" + km_id + R"(","kmFile":")" + km_file +
                                    R"("}})");
  }
  // The same of one that has its enrolment credential alone.
  std::string EnroleeFile(std::size_t mef_listener) const {
    return Write("entity.json",
                 R"({"maf":{"fqdn":"maf.example.com",)" + EnrolmentBlock(mef_listener) + "}}");
  }
  static constexpr std::chrono::seconds kLong{30};
  static constexpr std::chrono::seconds kSilence{5};
  static constexpr std::chrono::seconds kShort{1};
};

BOOST_FIXTURE_TEST_SUITE(doctor_reach, ReachScene)

BOOST_AUTO_TEST_CASE(a_maf_that_takes_our_key) {
  StartMaf();
  for (const std::string& uri : maf->uris()) {
    const Finding finding = ReachOf(Entity(uri), kLong);
    BOOST_TEST((finding.code == ExitCode::kDone));
    BOOST_TEST(Tells(finding, "MAF maf.example.com at " + uri));
    BOOST_TEST(Tells(finding, "accepts our credential"));
  }
}

BOOST_AUTO_TEST_CASE(a_maf_that_refuses_our_key) {
  StartMaf();
  for (const std::string& uri : maf->uris()) {
    BOOST_TEST_CONTEXT(uri) {
      const Finding unknown = ReachOf(Entity(uri, "nobody@maf.example.com"), kLong);
      BOOST_TEST((unknown.code == ExitCode::kRefused));
      BOOST_TEST(Tells(unknown, "no session could be made"));
      // Over DTLS a wrong key shows as silence.
      const Finding wrong = ReachOf(Entity(uri, "ae1@maf.example.com", "cse1.km"), kSilence);
      BOOST_TEST((wrong.code == ExitCode::kRefused));
    }
  }
}

BOOST_AUTO_TEST_CASE(where_nobody_is_or_nobody_speaks) {
  std::string nobody;
  {
    const MuteListener gone(SOCK_STREAM);
    nobody = gone.port();
  }
  const MuteListener stream(SOCK_STREAM);
  const MuteListener datagram(SOCK_DGRAM);
  for (const std::string& uri :
       {"https://127.0.0.1:" + nobody, "coaps://127.0.0.1:" + nobody,
        "https://127.0.0.1:" + stream.port(), "coaps://127.0.0.1:" + datagram.port()}) {
    BOOST_TEST_CONTEXT(uri) {
      const Finding finding = ReachOf(Entity(uri), kShort);
      BOOST_TEST((finding.code == ExitCode::kUnreachable));
      BOOST_TEST(Tells(finding, "can't be reached"));
    }
  }
}

BOOST_AUTO_TEST_CASE(what_can_t_be_tried_at_all) {
  BOOST_TEST((ReachOf(Entity("mqtt://127.0.0.1:1"), kShort).code == ExitCode::kUsage));
  BOOST_TEST(
      (ReachOf(Entity("https://127.0.0.1:1", "ae1@maf.example.com", "gone.km"), kShort).code ==
       ExitCode::kUsage));
}

// Who enrols has nothing for the MAF yet: its MEF must be there; and a MAF's MEFs.
BOOST_AUTO_TEST_CASE(mefs_are_tried_with_what_there_is_for_them) {
  StartBoth();
  for (const std::size_t listener : {0, 1}) {
    const Finding good = ReachOf(EnroleeFile(listener), kLong);
    BOOST_TEST((good.code == ExitCode::kDone));
    BOOST_TEST(Tells(good, "MEF mef.example.com at " + mef_uris.at(listener)));
    StartMafWithMef(listener);
    BOOST_TEST((ReachOf((path() / "maf.json").string(), kLong).code == ExitCode::kDone));
  }
  Write("ae1.kpm", std::string(64, 'd'));
  BOOST_TEST((ReachOf(EnroleeFile(1), kLong).code == ExitCode::kRefused));
  Write("maf-mef.km", std::string(64, 'd'));
  BOOST_TEST((ReachOf((path() / "maf.json").string(), kLong).code == ExitCode::kRefused));
  mef.reset();
  BOOST_TEST((ReachOf((path() / "maf.json").string(), kShort).code == ExitCode::kUnreachable));
}

BOOST_AUTO_TEST_CASE(certificates_are_judged_on_both_sides) {
  CertificateMaker pki;
  pki.Make("ca", {.extensions = CertificateMaker::ForCa()});
  pki.Make("other", {.extensions = CertificateMaker::ForCa()});
  pki.Make("maf", {.issuer = "ca", .extensions = CertificateMaker::For("DNS:maf.example.com")});
  const std::string ae = "URI:m2m://sp.example.com/cse1/Cae1";
  pki.Make("ae", {.issuer = "ca", .extensions = CertificateMaker::For(ae)});
  pki.Make("forged", {.issuer = "other", .extensions = CertificateMaker::For(ae)});
  const auto block = [&pki](const std::string& name, const std::string& anchor) {
    return R"("certificate":{"chainFile":")" + pki.Path(name + ".pem") + R"(","keyFile":")" +
           pki.Path(name + ".key.pem") + R"(","trustAnchorFiles":[")" + pki.Path(anchor + ".pem") +
           R"("]})";
  };
  const std::string client = R"({"certificateId":"33-//sp.example.com/cse1/Cae1",
 "entityId":"//sp.example.com/cse1/Cae1","entityType":"AE"})";
  auto started = maf::Maf::Start(
      Write("maf.json", R"({"fqdn":"maf.example.com","listen":["coaps://127.0.0.1:0",
 "https://127.0.0.1:0"],"store":"maf.sqlite","storeKeyFile":"store.key",)" +
                            block("maf", "ca") + R"(,"clients":[)" + client + "]}"),
      {});
  BOOST_REQUIRE(std::holds_alternative<std::unique_ptr<maf::Maf>>(started));
  maf = std::move(std::get<std::unique_ptr<maf::Maf>>(started));
  const struct {
    const char* name;
    const char* anchor;
    const char* fqdn;
    ExitCode code;
  } cases[] = {
      {"ae", "ca", "maf.example.com", ExitCode::kDone},
      {"ae", "other", "maf.example.com", ExitCode::kRefused},   // we don't trust the MAF's CA
      {"ae", "ca", "maf2.example.com", ExitCode::kRefused},     // it is another MAF
      {"forged", "ca", "maf.example.com", ExitCode::kRefused},  // it doesn't trust ours
  };
  for (const std::string& uri : maf->uris()) {
    for (const auto& c : cases) {
      BOOST_TEST_CONTEXT(uri << " " << c.name << " " << c.anchor << " " << c.fqdn) {
        const std::string file =
            Write("entity.json", R"({"maf":{"fqdn":")" + std::string(c.fqdn) +
                                     R"(","keyRegistration":")" + uri + R"(/kr",)" +
                                     block(c.name, c.anchor) + "}}");
        BOOST_TEST((ReachOf(file, kLong).code == c.code));
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::tools
