// SPDX-License-Identifier: GPL-3.0-or-later
//
// TLS and DTLS clients that know nothing of oneM2M, with an exported Kc: `openssl s_client` and
// `gnutls-cli` with HTTP text, `openssl s_client -dtls1_2` with a CoAP datagram.
#include <boost/test/unit_test.hpp>

#include "tests/abi/child_process.h"
#include "tests/interop/parties.h"

namespace saef::interop_test {
namespace {

using abi_test::ChildProcess;
using Arguments = std::vector<std::string>;

constexpr const char* kAeContent = R"({"m2m:ae":{"api":"N.stock","rr":false}})";
constexpr const char* kUnknown = "0123456789ABCDEF0123456789ABCDEF@maf.example.com";

std::string HttpCreateAe(const std::string& from) {
  const std::string content = kAeContent;
  return "POST /base HTTP/1.1\r\nHost: cse1.sp.example.com\r\nX-M2M-Origin: " + from +
         "\r\nX-M2M-RI: r1\r\nX-M2M-RVI: 3\r\nContent-Type: application/json;ty=2\r\n"
         "Content-Length: " +
         std::to_string(content.size()) + "\r\nConnection: close\r\n\r\n" + content;
}

// RFC 7252 3: options are given in ascending order, each less than 269 above the one before it and
// shorter than 13 octets.
void AddOption(std::string& message, int& last, int number, const std::string& value) {
  const int delta = number - last;
  const int nibble = delta < 13 ? delta : 13;
  message += static_cast<char>(nibble << 4 | static_cast<int>(value.size()));
  if (delta >= 13) {
    message += static_cast<char>(delta - 13);
  }
  message += value;
  last = number;
}

// A confirmable POST of <AE> to /base: Uri-Path, Content-Format 50, and TS-0008's TY, RVI, FR, RQI.
std::string CoapCreateAe(const std::string& from) {
  std::string message = "\x44\x02\x12\x34tokn";
  int last = 0;
  AddOption(message, last, 11, "base");
  AddOption(message, last, 12, "\x32");
  AddOption(message, last, 267, "\x02");
  AddOption(message, last, 271, "3");
  AddOption(message, last, 279, from);
  AddOption(message, last, 283, "r1");
  return message + "\xff" + kAeContent;
}

// The beginning of the answer to it: an acknowledgement with this code.
std::string CoapAnswer(char code) { return std::string("\x64") + code + "\x12\x34tokn"; }

Arguments Openssl(bool dtls, const Parties& parties, const std::string& kc_id,
                  const std::string& hex) {
  return {"openssl",
          "s_client",
          "-quiet",
          dtls ? "-dtls1_2" : "-tls1_2",
          "-connect",
          "127.0.0.1:" + parties.port(dtls ? "coaps" : "https"),
          "-servername",
          "cse1.sp.example.com",
          "-psk_identity",
          kc_id,
          "-psk",
          hex,
          "-cipher",
          std::string(dtls ? "PSK-AES128-CCM8" : "PSK-AES128-CBC-SHA256") + ":@SECLEVEL=0"};
}

Arguments Gnutls(const Parties& parties, const std::string& kc_id, const std::string& hex) {
  return {"gnutls-cli",
          "--priority",
          "NONE:+VERS-TLS1.2:+PSK:+AES-128-CBC:+SHA256:+COMP-NULL:+SIGN-ALL:+GROUP-ALL",
          "--sni-hostname",
          "cse1.sp.example.com",
          "--pskusername",
          kc_id,
          "--pskkey",
          hex,
          "-p",
          parties.port("https"),
          "127.0.0.1"};
}

// Sends `request` and reads until `answer` is there.
bool Answers(const Arguments& client, const std::string& request, const std::string& answer,
             std::string& output) {
  ChildProcess process(client);
  process.Write(request);
  const bool answers = process.AwaitText(answer, std::chrono::seconds(30));
  output = process.output();
  return answers;
}

// A client that is refused ends by itself.
std::string EndsRefused(const Arguments& client) {
  ChildProcess process(client);
  process.Wait(std::chrono::seconds(30));
  return process.output();
}

struct HttpCase {
  const char* name;
  Arguments (*client)(const Parties&, const std::string&, const std::string&);
};
const HttpCase kHttpClients[] = {
    {"openssl s_client",
     [](const Parties& parties, const std::string& kc_id, const std::string& hex) {
       return Openssl(false, parties, kc_id, hex);
     }},
    {"gnutls-cli", Gnutls},
};

BOOST_AUTO_TEST_SUITE(stock_tls)

BOOST_AUTO_TEST_CASE(http_text_registers_its_ae_and_no_other) {
  for (const HttpCase& c : kHttpClients) {
    BOOST_TEST_CONTEXT(c.name) {
      Parties parties;
      const Key key = parties.Register();
      std::string output;
      BOOST_TEST(Answers(c.client(parties, key.kc_id, key.hex()), HttpCreateAe("Cother"),
                         "X-M2M-RSC: 4106", output),
                 output);
      BOOST_TEST(output.find("403") != std::string::npos);
      BOOST_TEST(parties.cse().resources() == 1U);
      BOOST_TEST(Answers(c.client(parties, key.kc_id, key.hex()), HttpCreateAe("Cae1"),
                         "X-M2M-RSC: 2001", output),
                 output);
      BOOST_TEST(output.find("201") != std::string::npos);
      BOOST_TEST(parties.cse().resources() == 2U);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_coap_datagram_registers_its_ae_and_no_other) {
  Parties parties;
  const Key key = parties.Register();
  std::string output;
  const Arguments client = Openssl(true, parties, key.kc_id, key.hex());
  BOOST_TEST(Answers(client, CoapCreateAe("Cother"), CoapAnswer('\x83'), output), output);
  BOOST_TEST(parties.cse().resources() == 1U);
  BOOST_TEST(Answers(client, CoapCreateAe("Cae1"), CoapAnswer('\x41'), output), output);
  BOOST_TEST(parties.cse().resources() == 2U);
}

BOOST_AUTO_TEST_CASE(a_kc_id_that_nobody_knows_is_told_at_once) {
  Parties parties;
  const std::string hex(64, '1');
  for (const bool dtls : {false, true}) {
    const std::string output = EndsRefused(Openssl(dtls, parties, kUnknown, hex));
    BOOST_TEST(output.find("unknown psk identity") != std::string::npos, output);
  }
  const std::string output = EndsRefused(Gnutls(parties, kUnknown, hex));
  BOOST_TEST(output.find("[115]") != std::string::npos, output);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace saef::interop_test
