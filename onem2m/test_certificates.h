// SPDX-License-Identifier: GPL-3.0-or-later
//
// CertificateMaker: certificates for tests, made by the openssl command, so that what is tested
// isn't also what made them. Each call checks that it worked (BOOST_REQUIRE).
#ifndef SAEF_ONEM2M_TEST_CERTIFICATES_H_
#define SAEF_ONEM2M_TEST_CERTIFICATES_H_

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "onem2m/test_folder.h"

namespace saef::onem2m {

class CertificateMaker {
 public:
  struct Spec {
    std::string issuer{};  // the name of one made before; empty: itself
    // Lines of openssl's x509v3_config(5).
    std::vector<std::string> extensions = {"keyUsage=critical,digitalSignature"};
    std::string begin = "20200101000000Z";
    std::string end = "20991231235959Z";
    std::string digest = "sha256";
    std::string key = "P-256";  // or P-384, RSA, compressed, or =name: that one's key
  };

  // wolfSSL demands nameConstraints to come after basicConstraints.
  static std::vector<std::string> ForCa(const std::vector<std::string>& more = {}) {
    std::vector<std::string> extensions = {
        "basicConstraints=critical,CA:TRUE",
        "keyUsage=critical,digitalSignature,keyCertSign,cRLSign"};
    extensions.insert(extensions.end(), more.begin(), more.end());
    return extensions;
  }
  // A CA's, with these name constraints, separated by spaces: "permitted;DNS:example.com".
  static std::vector<std::string> ForCaOf(const std::string& constraints) {
    return ForCa({"nameConstraints=critical,@constraints\n" + Section("constraints", constraints)});
  }
  // An End-Point's or a server's, with these names, separated by spaces: "DNS:maf.example.com".
  static std::vector<std::string> For(const std::string& names) {
    return {"keyUsage=critical,digitalSignature",
            "subjectAltName=@names\n" + Section("names", names)};
  }

  // <name>.pem and <name>.key.pem; gives the certificate as DER.
  std::string Make(const std::string& name, const Spec& spec) {
    MakeKey(name, spec.key);
    WriteConfiguration(name, spec);
    const std::string issuer = spec.issuer.empty() ? name : spec.issuer;
    Run("openssl req -new -batch -config " + name + ".cnf -key " + name + ".key.pem -out " + name +
        ".csr");
    Run("openssl ca -batch -notext -preserveDN -config " + name + ".cnf -in " + name +
        ".csr -out " + name + ".pem -startdate " + spec.begin + " -enddate " + spec.end + " -md " +
        spec.digest + " -extensions extensions -keyfile " + issuer + ".key.pem " +
        (spec.issuer.empty() ? "-selfsign" : "-cert " + issuer + ".pem"));
    return Der(name);
  }
  std::string Der(const std::string& name) {
    Run("openssl x509 -in " + name + ".pem -outform DER -out " + name + ".der");
    return Read(name + ".der");
  }
  std::string KeyDer(const std::string& name) {
    Run("openssl ec -in " + name + ".key.pem -outform DER -out " + name + ".key.der");
    return Read(name + ".key.der");
  }
  // <name>.public.pem; as DER SubjectPublicKeyInfo.
  std::string PublicKeyDer(const std::string& name) {
    Run("openssl pkey -pubout -in " + name + ".key.pem -out " + name + ".public.pem");
    Run("openssl pkey -pubin -outform DER -in " + name + ".public.pem -out " + name +
        ".public.der");
    return Read(name + ".public.der");
  }
  void MakeKey(const std::string& name, const std::string& kind = "P-256") {
    const std::string file = name + ".key.pem";
    if (kind.starts_with('=')) {
      Run("cp " + kind.substr(1) + ".key.pem " + file);
    } else if (kind == "RSA") {
      Run("openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out " + file);
    } else {
      const std::string curve = kind == "compressed" ? "P-256" : kind;
      Run("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:" + curve + " -out " + file);
    }
    if (kind == "compressed") Run("openssl ec -in " + file + " -conv_form compressed -out " + file);
    chmod(Path(file).c_str(), 0600);
  }
  const std::filesystem::path& path() const { return folder_.path(); }
  std::string Path(const std::string& file) const { return folder_.Path(file); }
  std::string Read(const std::string& file) const { return folder_.Read(file); }
  void Write(const std::string& file, std::string_view text) const { folder_.Write(file, text); }
  // In the folder.
  void Run(const std::string& command) const {
    const std::string quiet =
        "cd '" + path().string() + "' && " + command + " >log 2>&1 </dev/null";
    BOOST_REQUIRE_MESSAGE(std::system(quiet.c_str()) == 0, command + ": " + Read("log"));
  }

 private:
  // "DNS:a URI:b" as a section of its own, where a comma in a name does no harm.
  static std::string Section(const std::string& name, const std::string& list) {
    std::istringstream words(list);
    std::string text = "[" + name + "]\n";
    int number = 0;
    for (std::string word; words >> word; ++number) {
      const std::size_t colon = word.find(':');
      text += word.substr(0, colon) + "." + std::to_string(number) + "=" + word.substr(colon + 1) +
              "\n";
    }
    return text + "[extensions]";
  }
  void WriteConfiguration(const std::string& name, const Spec& spec) {
    std::ofstream(path() / "index.txt").close();
    std::ofstream file(path() / (name + ".cnf"));
    file << "[req]\ndistinguished_name=dn\nprompt=no\n[dn]\nCN=" << name << "\n"
         << "[ca]\ndefault_ca=ca_default\n[ca_default]\ndatabase=index.txt\nnew_certs_dir=.\n"
         << "rand_serial=yes\nunique_subject=no\npolicy=policy\nemail_in_dn=no\n"
         << "[policy]\ncommonName=supplied\n[extensions]\n";
    for (const std::string& line : spec.extensions) file << line << "\n";
  }

  const TestFolder folder_;
};

}  // namespace saef::onem2m

#endif  // SAEF_ONEM2M_TEST_CERTIFICATES_H_
