// SPDX-License-Identifier: GPL-3.0-or-later
//
// Certificates through the libcoap gate, on our libcoap and on a host's own, with openssl as
// client.
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "onem2m/test_certificates.h"
#include "tests/abi/gate_clients.h"

namespace {

namespace data = boost::unit_test::data;
using saef::abi_test::ChildProcess;
using saef::abi_test::GateServer;
using saef::abi_test::OpensslConnects;
using saef::onem2m::CertificateMaker;

const std::vector<std::string> kPrograms = {SAEF_TEST_SERVERS};

struct Certificates : CertificateMaker {
  Certificates() {
    Make("ca", {"", ForCa()});
    Make("server", {"ca", For("DNS:cse1.sp.example.com")});
    Make("client", {"ca", For("URI:m2m://sp.example.com/Sae1")});
    Make("stranger", {"", ForCa()});
    Make("strange", {"stranger", For("URI:m2m://sp.example.com/Sae1")});
  }
  bool Connects(const GateServer &server, const std::string &name) const {
    std::vector<std::string> command = {"openssl",
                                        "s_client",
                                        "-dtls1_2",
                                        "-connect",
                                        "127.0.0.1:" + server.port(),
                                        "-CAfile",
                                        Path("ca.pem"),
                                        "-cipher",
                                        "ECDHE-ECDSA-AES128-CCM8:@SECLEVEL=0"};
    if (!name.empty()) {
      command.insert(command.end(),
                     {"-cert", Path(name + ".pem"), "-key", Path(name + ".key.pem")});
    }
    ChildProcess client(command);
    const bool connects = OpensslConnects(&client);
    client.CloseInput();
    client.Wait();
    return connects;
  }
};

BOOST_AUTO_TEST_SUITE(coap_certificate)

BOOST_DATA_TEST_CASE_F(Certificates, peers_are_judged_and_associated, data::make(kPrograms)) {
  GateServer server(sample, {"alert", "60000", "0", Path("")});
  BOOST_TEST(Connects(server, "client"));
  BOOST_TEST(!Connects(server, "strange"));
  BOOST_TEST(!Connects(server, ""));
  BOOST_TEST(server.Stop() == "associated 1 dissociated 1 open 0\n");
}

BOOST_DATA_TEST_CASE_F(Certificates, the_plugins_no_ends_the_handshake, data::make(kPrograms)) {
  GateServer server(sample, {"alert", "60000", "0", Path(""), "deny"});
  BOOST_TEST(!Connects(server, "client"));
  BOOST_TEST(server.Stop() == "associated 0 dissociated 0 open 0\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
