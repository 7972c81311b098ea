// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/server_credentials.h"

#include <utility>
#include <vector>

#include "onem2m/certificate.h"
#include "onem2m/fqdn.h"

namespace saef::cse {
namespace {

// The plugin's verdict within the handshake (TS-0003 8.2.2.2, 8.1.2.2).
bool Judge(const saef_api* api, saef_instance* instance, std::span<const std::string> chain,
           std::string_view public_key) {
  std::vector<saef_bytes> certificates;
  for (const std::string& certificate : chain) {
    certificates.push_back(
        {reinterpret_cast<const std::uint8_t*>(certificate.data()), certificate.size()});
  }
  saef_peer peer = {};
  peer.size = sizeof(peer);
  if (!certificates.empty()) {
    peer.certificates = certificates.data();
    peer.certificate_count = certificates.size();
  } else {
    peer.public_key = {reinterpret_cast<const std::uint8_t*>(public_key.data()), public_key.size()};
  }
  // Only this one value lets it pass.
  return api->verify_peer(instance, &peer) == SAEF_DONE;
}

std::optional<std::string> TakeCertificate(const bindings::ConfigurationFile& file,
                                           const onem2m::CseId& self,
                                           ServerCredentials& credentials) {
  const rapidjson::Value& block = file.document["certificate"];
  const std::string chain_file = file.Resolve(block["chainFile"].GetString());
  auto chain = bindings::ReadCertificates(chain_file);
  if (const auto* error = std::get_if<std::string>(&chain)) {
    return "/certificate/chainFile: " + *error;
  }
  auto key = bindings::ReadPrivateKey(file.Resolve(block["keyFile"].GetString()));
  if (const auto* error = std::get_if<std::string>(&key)) {
    return "/certificate/keyFile: " + *error;
  }
  auto& certificates = std::get<std::vector<std::string>>(chain);
  const std::string name = self.name() + "." + self.sp().text();
  const auto fqdn = onem2m::Fqdn::Parse(name);
  if (!fqdn || !onem2m::CertificateNames(certificates.front(), *fqdn)) {
    return "/certificate/chainFile: " + chain_file +
           ": the first certificate must carry the CSE's " + "public domain name " + name +
           " as a dNSName";
  }
  credentials.certificate = bindings::CertificateCredential{
      std::move(certificates), std::move(std::get<onem2m::Secret>(key))};
  return std::nullopt;
}

std::optional<std::string> TakeRawPublicKey(const bindings::ConfigurationFile& file,
                                            ServerCredentials& credentials) {
  const rapidjson::Value& block = file.document["rawPublicKey"];
  auto public_key = bindings::ReadPublicKey(file.Resolve(block["publicKeyFile"].GetString()));
  if (const auto* error = std::get_if<std::string>(&public_key)) {
    return "/rawPublicKey/publicKeyFile: " + *error;
  }
  auto key = bindings::ReadPrivateKey(file.Resolve(block["keyFile"].GetString()));
  if (const auto* error = std::get_if<std::string>(&key)) {
    return "/rawPublicKey/keyFile: " + *error;
  }
  credentials.raw_public_key =
      bindings::RawPublicKeyCredential{std::move(std::get<bindings::PublicKey>(public_key).spki),
                                       std::move(std::get<onem2m::Secret>(key))};
  return std::nullopt;
}

}  // namespace

std::variant<ServerCredentials, std::string> ReadServerCredentials(
    const bindings::ConfigurationFile& file, const onem2m::CseId& self) {
  ServerCredentials credentials;
  if (file.document.HasMember("certificate")) {
    if (auto error = TakeCertificate(file, self, credentials)) {
      return *std::move(error);
    }
  }
  if (file.document.HasMember("rawPublicKey")) {
    if (auto error = TakeRawPublicKey(file, credentials)) {
      return *std::move(error);
    }
  }
  return credentials;
}

std::optional<std::string> Offer(const ServerCredentials& credentials, const saef_api* api,
                                 saef_instance* instance, bindings::ServerOptions& options) {
  if (!credentials.any()) {
    return std::nullopt;
  }
  if (!SAEF_HAS(saef_api, api, verify_peer) || api->verify_peer == nullptr) {
    return "the plugin can't judge certificates and raw public keys (it is older than ABI 1.1): " +
           std::string("take /certificate and /rawPublicKey out, or another plugin");
  }
  if (credentials.certificate) {
    auto copy = bindings::Clone(*credentials.certificate);
    if (!copy) {
      return "copying the certificate's key: " + copy.error().message();
    }
    options.certificate = *std::move(copy);
  }
  if (credentials.raw_public_key) {
    auto copy = bindings::Clone(*credentials.raw_public_key);
    if (!copy) {
      return "copying the raw public key's private one: " + copy.error().message();
    }
    options.raw_public_key = *std::move(copy);
  }
  options.verify_peer = [api, instance](std::span<const std::string> chain,
                                        std::string_view public_key) {
    return Judge(api, instance, chain, public_key);
  };
  return std::nullopt;
}

}  // namespace saef::cse
