// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/http/buffered_tls.h"

#include <wolfssl/wolfio.h>

#include <algorithm>
#include <cstring>

namespace saef::http {
namespace {

using bindings::Error;
using bindings::Result;

constexpr std::size_t kMaxServerName = 253;

// Copies a key into a library's buffer; 0 where it doesn't fit: nothing is cut.
unsigned CopyKey(std::span<const std::uint8_t> key, unsigned char* into, unsigned size) {
  if (key.empty() || key.size() > size) return 0;
  std::memcpy(into, key.data(), key.size());
  return static_cast<unsigned>(key.size());
}

bool IsCredential(const bindings::PskCredential& credential) {
  return !credential.identity.empty() && credential.identity.size() <= SAEF_MAX_IDENTITY &&
         credential.identity.find('\0') == std::string::npos && !credential.key.empty() &&
         credential.key.size() <= SAEF_MAX_KEY;
}

}  // namespace

void BufferedTls::Prepare(WOLFSSL_CTX* context) {
  wolfSSL_CTX_SetIORecv(context, &BufferedTls::Receive);
  wolfSSL_CTX_SetIOSend(context, &BufferedTls::Send);
  wolfSSL_CTX_set_psk_client_callback(context, &BufferedTls::ClientKey);
  wolfSSL_CTX_set_psk_server_callback(context, &BufferedTls::ServerKey);
}

BufferedTls::BufferedTls(Ssl session) : TlsEngine(std::move(session)) {
  wolfSSL_SetIOReadCtx(ssl(), this);
  wolfSSL_SetIOWriteCtx(ssl(), this);
  wolfSSL_set_psk_callback_ctx(ssl(), this);
}

BufferedTls::~BufferedTls() {
  if (association_ != SAEF_NO_ASSOCIATION) associator_->dissociate(association_);
}

Result<std::unique_ptr<BufferedTls>> BufferedTls::OpenClient(
    WOLFSSL_CTX* context, const bindings::Credential& credential,
    const bindings::CertificateParty& party, const std::string& server_name) {
  const auto* psk = std::get_if<bindings::PskCredential>(&credential);
  if (server_name.size() > kMaxServerName || (psk == nullptr && !party.in_use()) ||
      (psk != nullptr && !IsCredential(*psk))) {
    return Error::kBadRequest;
  }
  Result<Ssl> session = MakeSsl(context);
  if (!session) return session.error();
  std::unique_ptr<BufferedTls> tls(new BufferedTls(std::move(*session)));
  if (psk != nullptr) {
    tls->identity_ = psk->identity;
    tls->client_key_ = &psk->key;
  } else if (const auto used = tls->UseCertificates(party); !used) {
    return used.error();
  }
  if (!server_name.empty() &&
      wolfSSL_UseSNI(tls->ssl(), WOLFSSL_SNI_HOST_NAME, server_name.data(),
                     static_cast<unsigned short>(server_name.size())) != WOLFSSL_SUCCESS) {
    return Error::kLibrary;
  }
  return tls;
}

Result<std::unique_ptr<BufferedTls>> BufferedTls::OpenServer(WOLFSSL_CTX* context,
                                                             const bindings::PskTable& keys,
                                                             const Associator* associator) {
  Result<Ssl> session = MakeSsl(context);
  if (!session) return session.error();
  std::unique_ptr<BufferedTls> tls(new BufferedTls(std::move(*session)));
  tls->server_keys_ = &keys;
  tls->associator_ = associator;
  return tls;
}

bool BufferedTls::Put(std::span<const std::uint8_t> ciphertext) {
  if (in_read_ == in_.size()) {
    in_.clear();
    in_read_ = 0;
  }
  in_.insert(in_.end(), ciphertext.begin(), ciphertext.end());
  return true;
}

std::span<const std::uint8_t> BufferedTls::Take() { return std::span(out_).subspan(out_taken_); }

void BufferedTls::Taken(std::size_t length) {
  out_taken_ += length;
  if (out_taken_ < out_.size()) return;
  out_taken_ = 0;
  // An idle session keeps no buffer.
  std::vector<std::uint8_t>().swap(out_);
}

bool BufferedTls::Associate() {
  return associator_ == nullptr ||
         associator_->associate(identity_, certificate_session(), association_);
}

int BufferedTls::Receive(WOLFSSL*, char* buffer, int size, void* self) {
  auto& tls = *static_cast<BufferedTls*>(self);
  const std::size_t there = tls.in_.size() - tls.in_read_;
  if (there == 0) return WOLFSSL_CBIO_ERR_WANT_READ;
  const std::size_t length = std::min(there, static_cast<std::size_t>(size));
  std::memcpy(buffer, tls.in_.data() + tls.in_read_, length);
  tls.in_read_ += length;
  if (tls.in_read_ == tls.in_.size()) {
    std::vector<std::uint8_t>().swap(tls.in_);
    tls.in_read_ = 0;
  }
  return static_cast<int>(length);
}

int BufferedTls::Send(WOLFSSL*, char* buffer, int size, void* self) {
  auto& out = static_cast<BufferedTls*>(self)->out_;
  out.insert(out.end(), buffer, buffer + size);
  return size;
}

unsigned BufferedTls::ClientKey(WOLFSSL* ssl, const char* /*hint*/, char* identity,
                                unsigned identity_size, unsigned char* key, unsigned key_size) {
  const auto& tls = *static_cast<const BufferedTls*>(wolfSSL_get_psk_callback_ctx(ssl));
  if (tls.client_key_ == nullptr || tls.identity_.size() >= identity_size) return 0;
  std::memcpy(identity, tls.identity_.c_str(), tls.identity_.size() + 1);
  return CopyKey(tls.client_key_->bytes(), key, key_size);
}

unsigned BufferedTls::ServerKey(WOLFSSL* ssl, const char* identity, unsigned char* key,
                                unsigned key_size) {
  auto& tls = *static_cast<BufferedTls*>(wolfSSL_get_psk_callback_ctx(ssl));
  const std::size_t length = std::strlen(identity);
  if (tls.server_keys_ == nullptr || !*tls.server_keys_ || length == 0 ||
      length > SAEF_MAX_IDENTITY) {
    return 0;
  }
  const auto found = (*tls.server_keys_)({identity, length});
  if (!found) return 0;
  tls.identity_.assign(identity, length);
  return CopyKey(found->bytes(), key, key_size);
}

}  // namespace saef::http
