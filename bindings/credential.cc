// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/credential.h"

#include <wolfssl/ssl.h>
#include <wolfssl/wolfcrypt/asn_public.h>
#include <wolfssl/wolfcrypt/ecc.h>

#include <algorithm>
#include <array>
#include <memory>
#include <span>

#include "bindings/key_file.h"
#include "bindings/log.h"
#include "onem2m/certificate.h"

namespace saef::bindings {
namespace {

// A file's octets, wiped when they go: they may be a private key's.
struct PemText {
  std::string octets;
  ~PemText() { onem2m::Wipe(octets); }
};

struct FreePemDer {
  void operator()(DerBuffer* der) const noexcept {
    onem2m::Wipe({der->buffer, der->length});
    wc_FreeDer(&der);
  }
};
using PemDer = std::unique_ptr<DerBuffer, FreePemDer>;

struct EccKey {
  EccKey() : ok(wc_ecc_init(&key) == 0) {}
  ~EccKey() { wc_ecc_free(&key); }
  EccKey(const EccKey&) = delete;
  EccKey& operator=(const EccKey&) = delete;
  ecc_key key{};
  bool ok;
};

std::string PemName(const std::string& path) { return Quote(path, 4096); }

// Or what is wrong.
std::string ReadPem(const std::string& path, bool is_private, PemText& text) {
  auto opened = File::Open(path);
  if (auto* error = std::get_if<std::string>(&opened)) return std::move(*error);
  File& file = std::get<File>(opened);
  if (is_private) {
    if (std::string error = CheckOwnerAndMode(file, path); !error.empty()) return error;
  }
  text.octets.resize(kMaxPemFileSize + 1);
  const auto length = file.Read(text.octets);
  if (!length) return PemName(path) + " can't be read";
  if (*length > kMaxPemFileSize) {
    return PemName(path) + " is larger than a PEM file can be (" + std::to_string(kMaxPemFileSize) +
           " octets)";
  }
  text.octets.resize(*length);
  return {};
}

// The first block of this type (CERT_TYPE …), null if there is none; `consumed`: where the rest is.
PemDer FirstBlock(std::string_view text, int type, std::size_t& consumed) {
  EncryptedInfo info{};
  DerBuffer* der = nullptr;
  int format = 0;
  const int result =
      wc_PemToDer(reinterpret_cast<const unsigned char*>(text.data()),
                  static_cast<long>(text.size()), type, &der, nullptr, &info, &format);
  PemDer block(der);
  if (result != 0) return nullptr;
  consumed = static_cast<std::size_t>(info.consumed);
  return block;
}

std::string BlockOctets(const DerBuffer& der) {
  return {reinterpret_cast<const char*>(der.buffer), der.length};
}

}  // namespace

Result<CertificateCredential> Clone(const CertificateCredential& credential) {
  auto key = credential.private_key.Clone();
  if (!key) return Error::kLibrary;
  return CertificateCredential{credential.chain, std::move(*key)};
}

Result<RawPublicKeyCredential> Clone(const RawPublicKeyCredential& credential) {
  auto key = credential.private_key.Clone();
  if (!key) return Error::kLibrary;
  return RawPublicKeyCredential{credential.public_key, std::move(*key)};
}

Result<Credential> Clone(const Credential& credential) {
  if (const auto* psk = std::get_if<PskCredential>(&credential)) {
    auto key = psk->key.Clone();
    if (!key) return Error::kLibrary;
    return Credential(PskCredential{psk->identity, std::move(*key)});
  }
  if (const auto* certificate = std::get_if<CertificateCredential>(&credential)) {
    auto clone = Clone(*certificate);
    if (!clone) return clone.error();
    return Credential(std::move(*clone));
  }
  if (const auto* raw = std::get_if<RawPublicKeyCredential>(&credential)) {
    auto clone = Clone(*raw);
    if (!clone) return clone.error();
    return Credential(std::move(*clone));
  }
  return Credential();
}

std::variant<std::vector<std::string>, std::string> ReadCertificates(const std::string& path) {
  PemText text;
  if (std::string error = ReadPem(path, false, text); !error.empty()) return error;
  std::vector<std::string> certificates;
  std::string_view rest = text.octets;
  while (rest.find("-----BEGIN CERTIFICATE-----") != std::string_view::npos) {
    std::size_t consumed = 0;
    const PemDer block = FirstBlock(rest, CERT_TYPE, consumed);
    if (!block || consumed == 0 || consumed > rest.size()) {
      return PemName(path) + ": certificate " + std::to_string(certificates.size() + 1) +
             " of the file can't be read";
    }
    if (certificates.size() == kMaxChainLength) {
      return PemName(path) + " holds more than " + std::to_string(kMaxChainLength) +
             " certificates";
    }
    certificates.push_back(BlockOctets(*block));
    rest.remove_prefix(consumed);
  }
  if (certificates.empty()) return PemName(path) + " holds no certificate in PEM";
  return certificates;
}

std::variant<onem2m::Secret, std::string> ReadPrivateKey(const std::string& path) {
  PemText text;
  if (std::string error = ReadPem(path, true, text); !error.empty()) return error;
  std::size_t consumed = 0;
  const PemDer block = FirstBlock(text.octets, PRIVATEKEY_TYPE, consumed);
  EccKey ecc;
  word32 index = 0;
  if (!block || !ecc.ok ||
      wc_EccPrivateKeyDecode(block->buffer, &index, &ecc.key, block->length) != 0) {
    return PemName(path) +
           " holds no private key in PEM that can be read: an \"EC PRIVATE KEY\" or an "
           "unencrypted \"PRIVATE KEY\" on P-256 is needed";
  }
  if (wc_ecc_get_curve_id(ecc.key.idx) != ECC_SECP256R1) {
    return PemName(path) + " holds a private key on another curve than P-256 (TS-0003 10.1.1.1)";
  }
  // One form for all: with the public key, which a file may leave out, and the curve's name.
  std::array<std::uint8_t, 160> der;
  const bool whole = ecc.key.type != ECC_PRIVATEKEY_ONLY || wc_ecc_make_pub(&ecc.key, nullptr) == 0;
  const int length = whole ? wc_EccKeyToDer(&ecc.key, der.data(), der.size()) : -1;
  if (length <= 0) return PemName(path) + " holds a private key that can't be used";
  auto key = onem2m::Secret::Copy(std::span(der).first(static_cast<std::size_t>(length)));
  onem2m::Wipe(der);
  if (!key) return PemName(path) + ": " + key.error().message();
  return std::move(*key);
}

std::variant<PublicKey, std::string> ReadPublicKey(const std::string& path) {
  PemText text;
  if (std::string error = ReadPem(path, false, text); !error.empty()) return error;
  std::size_t consumed = 0;
  const PemDer block = FirstBlock(text.octets, PUBLICKEY_TYPE, consumed);
  if (!block) return PemName(path) + " holds no public key in PEM (\"PUBLIC KEY\")";
  PublicKey key{BlockOctets(*block)};
  if (const auto checked = onem2m::CheckPublicKey(key.spki); !checked) {
    return PemName(path) + " holds no public key on P-256 with an uncompressed point " +
           "(TS-0003 10.1.1.1)";
  }
  return key;
}

}  // namespace saef::bindings
