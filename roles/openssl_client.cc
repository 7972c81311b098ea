// SPDX-License-Identifier: GPL-3.0-or-later
//
// For tests: a (D)TLS-PSK client on OpenSSL, so that what our MAF exports is compared with what an
// implementation that isn't ours exports.
//
//   openssl_client dtls|tls PORT IDENTITY KEY-IN-HEX [no-ems|bootstrap]
//
// Reads a request from stdin, shakes hands with 127.0.0.1:PORT, sends the request in one record and
// prints two lines: the 48 octets exported for oneM2M, in hex, and what comes back until a '}', in
// hex. Exit code: 0 done, 1 otherwise.
#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace {

std::string g_label = "EXPORTER-oneM2M-Connection";

std::string g_identity;
std::vector<unsigned char> g_key;

[[noreturn]] void Fail(const char* what) {
  std::cerr << "openssl_client: " << what << '\n';
  ERR_print_errors_fp(stderr);
  std::exit(1);
}

unsigned int GivePsk(SSL*, const char*, char* identity, unsigned int max_identity,
                     unsigned char* key, unsigned int max_key) {
  if (g_identity.size() >= max_identity || g_key.size() > max_key) {
    return 0;
  }
  std::copy(g_identity.begin(), g_identity.end(), identity);
  identity[g_identity.size()] = '\0';
  std::copy(g_key.begin(), g_key.end(), key);
  return static_cast<unsigned int>(g_key.size());
}

void PrintHex(const unsigned char* bytes, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    std::printf("%02X", bytes[i]);
  }
  std::printf("\n");
}

int Connect(bool dtls, int port) {
  const int descriptor = socket(AF_INET, dtls ? SOCK_DGRAM : SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    Fail("can't connect");
  }
  return descriptor;
}

SSL* ShakeHands(bool dtls, int port, bool extended_master_secret) {
  SSL_CTX* context = SSL_CTX_new(dtls ? DTLS_client_method() : TLS_client_method());
  SSL_CTX_set_max_proto_version(context, dtls ? DTLS1_2_VERSION : TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, dtls ? "PSK-AES128-CCM8:@SECLEVEL=0" : "PSK-AES128-CBC-SHA256");
  SSL_CTX_set_psk_client_callback(context, GivePsk);
  if (!extended_master_secret) {
    SSL_CTX_set_options(context, SSL_OP_NO_EXTENDED_MASTER_SECRET);
  }
  SSL* ssl = SSL_new(context);
  SSL_CTX_free(context);  // the session holds it now
  SSL_set_tlsext_host_name(ssl, "maf.example.com");
  const int descriptor = Connect(dtls, port);
  BIO* bio = dtls ? BIO_new_dgram(descriptor, BIO_CLOSE) : BIO_new_socket(descriptor, BIO_CLOSE);
  if (dtls) {
    sockaddr_in peer{};
    socklen_t length = sizeof(peer);
    getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &length);
    BIO_ctrl(bio, BIO_CTRL_DGRAM_SET_CONNECTED, 0, &peer);
  }
  SSL_set_bio(ssl, bio, bio);
  if (SSL_connect(ssl) != 1) {
    Fail("the handshake failed");
  }
  return ssl;
}

// One '}' ends the answers that are asked for here; they have no objects inside.
std::vector<unsigned char> ReadAnswer(SSL* ssl) {
  std::vector<unsigned char> all;
  std::array<unsigned char, 16384> record;
  while (std::find(all.begin(), all.end(), '}') == all.end()) {
    const int got = SSL_read(ssl, record.data(), static_cast<int>(record.size()));
    if (got <= 0) {
      Fail("no answer");
    }
    all.insert(all.end(), record.begin(), record.begin() + got);
  }
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    Fail("usage: openssl_client dtls|tls PORT IDENTITY KEY-IN-HEX [no-ems|bootstrap]");
  }
  alarm(60);
  g_identity = argv[3];
  const std::string_view hex = argv[4];
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    g_key.push_back(
        static_cast<unsigned char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  const std::string request((std::istreambuf_iterator<char>(std::cin)), {});
  const std::string_view more = argc < 6 ? "" : argv[5];
  if (more == "bootstrap") {
    g_label = "EXPORTER-oneM2M-Bootstrap";
  }
  SSL* ssl = ShakeHands(std::string_view(argv[1]) == "dtls", std::atoi(argv[2]), more != "no-ems");
  std::array<unsigned char, 48> exported;
  if (SSL_export_keying_material(ssl, exported.data(), exported.size(), g_label.data(),
                                 g_label.size(), nullptr, 0, 0) != 1) {
    Fail("can't export");
  }
  if (SSL_write(ssl, request.data(), static_cast<int>(request.size())) <= 0) {
    Fail("can't send");
  }
  const auto answer = ReadAnswer(ssl);
  PrintHex(exported.data(), exported.size());
  PrintHex(answer.data(), answer.size());
  SSL_shutdown(ssl);
  SSL_free(ssl);
  return 0;
}
