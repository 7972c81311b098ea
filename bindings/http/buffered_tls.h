// SPDX-License-Identifier: GPL-3.0-or-later
//
// BufferedTls: a TlsEngine on two buffers of its own: a client's session, or that of a server whose
// keys are in a table.
#ifndef SAEF_BINDINGS_HTTP_BUFFERED_TLS_H_
#define SAEF_BINDINGS_HTTP_BUFFERED_TLS_H_

#include <memory>
#include <string>
#include <vector>

#include "bindings/client.h"
#include "bindings/http/tls_engine.h"
#include "bindings/server.h"

namespace saef::http {

class BufferedTls final : public TlsEngine {
 public:
  // How a server's session finds out who is behind it, after the handshake.
  struct Associator {
    // False: end the session. SAEF_NO_ASSOCIATION in `association` where there is none.
    // `certificates` is null in a session that knows PSKs only.
    std::function<bool(const std::string& identity,
                       const bindings::CertificateSession* certificates,
                       saef_association& association)>
        associate;
    std::function<void(saef_association)> dissociate;
  };

  // The I/O and PSK callbacks. Called by MakeClientContext and MakeServerContext.
  static void Prepare(WOLFSSL_CTX* context);

  // `credential` is a PSK, or `party` is in use (bindings/certificate_session.h); both must outlive
  // the session. `server_name` goes into SNI unless empty. kLibrary; kBadRequest where the
  // credential or the name is one that TLS can't carry.
  static bindings::Result<std::unique_ptr<BufferedTls>> OpenClient(
      WOLFSSL_CTX* context, const bindings::Credential& credential,
      const bindings::CertificateParty& party, const std::string& server_name);
  // `keys` and `associator` must outlive the session; the latter may be null. kLibrary.
  static bindings::Result<std::unique_ptr<BufferedTls>> OpenServer(WOLFSSL_CTX* context,
                                                                   const bindings::PskTable& keys,
                                                                   const Associator* associator);

  ~BufferedTls() override;

  bool Put(std::span<const std::uint8_t> ciphertext) override;
  std::span<const std::uint8_t> Take() override;
  void Taken(std::size_t length) override;
  bool Associate() override;
  saef_association association() const override { return association_; }
  std::string identity() const override { return identity_; }

 private:
  explicit BufferedTls(Ssl ssl);
  static int Receive(WOLFSSL* ssl, char* buffer, int size, void* self);
  static int Send(WOLFSSL* ssl, char* buffer, int size, void* self);
  static unsigned ClientKey(WOLFSSL* ssl, const char* hint, char* identity, unsigned identity_size,
                            unsigned char* key, unsigned key_size);
  static unsigned ServerKey(WOLFSSL* ssl, const char* identity, unsigned char* key,
                            unsigned key_size);

  std::vector<std::uint8_t> in_;
  std::size_t in_read_ = 0;
  std::vector<std::uint8_t> out_;
  std::size_t out_taken_ = 0;
  std::string identity_;
  const onem2m::Secret* client_key_ = nullptr;
  const bindings::PskTable* server_keys_ = nullptr;
  const Associator* associator_ = nullptr;
  saef_association association_ = SAEF_NO_ASSOCIATION;
};

}  // namespace saef::http

#endif  // SAEF_BINDINGS_HTTP_BUFFERED_TLS_H_
