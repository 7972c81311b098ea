// SPDX-License-Identifier: GPL-3.0-or-later
//
// For the tests of certificates on the wire: a CA and what it issued, servers and clients of both
// bindings, and commands run against them.
#ifndef SAEF_TESTS_INTEROP_CERTIFICATE_WORLD_H_
#define SAEF_TESTS_INTEROP_CERTIFICATE_WORLD_H_

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/coap/client.h"
#include "bindings/coap/server.h"
#include "bindings/http/client.h"
#include "bindings/http/server.h"
#include "onem2m/certificate.h"
#include "onem2m/test_certificates.h"
#include "onem2m/thread_annotations.h"

namespace saef::certificate_test {

using bindings::Scheme;
using onem2m::CertificateMaker;

inline constexpr char kServerName[] = "cse1.sp.example.com";

// Answers what it is asked, and keeps the session.
class Handler final : public bindings::RequestHandler {
 public:
  void Handle(onem2m::RequestPrimitive request, std::shared_ptr<bindings::Session> session,
              bindings::Respond respond) override {
    {
      const MutexLock lock(mutex_);
      session_ = std::move(session);
    }
    respond(onem2m::RespondTo(request, onem2m::ResponseStatusCode::kOk));
  }
  std::shared_ptr<bindings::Session> session() const {
    const MutexLock lock(mutex_);
    return session_;
  }

 private:
  mutable Mutex mutex_;
  std::shared_ptr<bindings::Session> session_ SAEF_GUARDED_BY(mutex_);
};

// A way in which a certificate is bad; what isn't said is as in a good one.
struct Flaw {
  std::string name;
  CertificateMaker::Spec spec;
};

class World : public CertificateMaker {
 public:
  World() {
    ca = Make("ca", {"", ForCa()});
    Make("sub", {"ca", ForCa()});
    Make("narrow",
         {"ca", ForCaOf("permitted;DNS:elsewhere.example permitted;URI:elsewhere.example")});
    Make("stranger", {"", ForCa()});
    Make("server", {"sub", For(std::string("DNS:") + kServerName)});
    Make("client", {"sub", For("URI:m2m://sp.example.com/Sae1")});
    MakeKey("server-raw");
    MakeKey("client-raw");
    for (const std::string name : {"server", "client"}) {
      Write(name + "-chain.pem", Read(name + ".pem") + Read("sub.pem"));
      PublicKeyDer(name + "-raw");
    }
  }

  // Each flaw of a certificate with these names.
  static std::vector<Flaw> Flaws(const std::string& names) {
    const auto for_names = For(names);
    return {
        {"expired", {"ca", for_names, "20200101000000Z", "20210101000000Z"}},
        {"not yet valid", {"ca", for_names, "20980101000000Z"}},
        {"unknown CA", {"stranger", for_names}},
        {"name constraint", {"narrow", for_names}},
        {"key usage", {"ca", {"keyUsage=critical,keyAgreement", for_names.at(1)}}},
        {"wildcard", {"ca", For(names + " DNS:*.sp.example.com")}},
    };
  }

  onem2m::Secret Key(const std::string& name) {
    const std::string der = KeyDer(name);
    return *onem2m::Secret::Copy({reinterpret_cast<const std::uint8_t*>(der.data()), der.size()});
  }
  // With the CA certificates between, if `name` has been issued by such a one.
  bindings::CertificateCredential Certificate(const std::string& name,
                                              const std::string& issuer = "sub") {
    std::vector<std::string> chain = {Der(name)};
    if (issuer != "ca") chain.push_back(Der(issuer));
    return {std::move(chain), Key(name)};
  }
  bindings::RawPublicKeyCredential RawPublicKey(const std::string& name) {
    return {PublicKeyDer(name), Key(name)};
  }
  bindings::PeerTrust TrustTheCa() const { return {{ca}, *onem2m::Fqdn::Parse(kServerName), {}}; }

  std::string ca;
};

// Judges clients as a MAF or a CSE does: anchors, or the raw public keys that it knows.
inline bindings::PeerVerifier Judge(std::vector<std::string> anchors,
                                    std::vector<std::string> public_keys = {}) {
  return [anchors, public_keys](std::span<const std::string> chain, std::string_view public_key) {
    if (chain.empty()) {
      return std::find(public_keys.begin(), public_keys.end(), public_key) != public_keys.end();
    }
    return onem2m::VerifyCertificateChain(chain, anchors, onem2m::Now()).has_value();
  };
}

struct Served {
  Served(bool is_coap, const std::function<void(bindings::ServerOptions&)>& change)
      : coap(is_coap) {
    bindings::ServerOptions options;
    options.listeners = {{"127.0.0.1", 0, true}};
    change(options);
    auto started = coap ? coap::StartServer(std::move(options), handler)
                        : http::StartServer(std::move(options), handler);
    BOOST_TEST_REQUIRE(started.has_value());
    server = std::move(*started);
  }
  std::uint16_t port() const { return server->ports().at(0); }
  std::string address() const { return "127.0.0.1:" + std::to_string(port()); }

  const bool coap;
  Handler handler;
  std::unique_ptr<bindings::Server> server;
};

inline std::unique_ptr<bindings::Client> ClientOf(bool coap, std::uint16_t port,
                                                  bindings::Credential credential,
                                                  bindings::PeerTrust trust) {
  bindings::ClientOptions options;
  options.uri = {coap ? Scheme::kCoaps : Scheme::kHttps, "127.0.0.1", port, ""};
  options.server_name = kServerName;
  options.credential = std::move(credential);
  options.trust = std::move(trust);
  options.handshake_timeout = std::chrono::seconds(20);
  auto opened = coap ? coap::OpenClient(std::move(options)) : http::OpenClient(std::move(options));
  BOOST_TEST_REQUIRE(opened.has_value());
  return std::move(*opened);
}

// What the command says within 20 s, on both of its outputs; `input` goes in, and then nothing for
// 3 s.
inline std::string Said(const World& world, const std::string& command, const std::string& input) {
  world.Write("input", input);
  const std::string line =
      "cd '" + world.Path("") + "' && (cat input; sleep 3) | timeout 20 " + command + " 2>&1";
  std::string said;
  FILE* pipe = popen(line.c_str(), "r");
  BOOST_TEST_REQUIRE(pipe != nullptr);
  std::array<char, 4096> buffer;
  for (std::size_t got = 0; (got = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    said.append(buffer.data(), got);
  }
  pclose(pipe);
  return said;
}

}  // namespace saef::certificate_test

#endif  // SAEF_TESTS_INTEROP_CERTIFICATE_WORLD_H_
