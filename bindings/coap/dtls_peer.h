// SPDX-License-Identifier: GPL-3.0-or-later
//
// DtlsPeer: for tests, a client with a key that shakes hands from a socket of the test's, and may
// vanish without a word, so that another can begin from the same address and port.
#ifndef SAEF_BINDINGS_COAP_DTLS_PEER_H_
#define SAEF_BINDINGS_COAP_DTLS_PEER_H_

#include <wolfssl/ssl.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bindings/coap/raw_socket.h"

namespace saef::coap::test {

class DtlsPeer {
 public:
  DtlsPeer(RawSocket& socket, std::string identity, std::string key)
      : socket_(socket),
        identity_(std::move(identity)),
        key_(std::move(key)),
        context_(wolfSSL_CTX_new(wolfDTLSv1_2_client_method()), wolfSSL_CTX_free) {
    wolfSSL_CTX_set_cipher_list(context_.get(), "PSK-AES128-CCM-8");
    wolfSSL_CTX_set_psk_client_callback(context_.get(), OnPsk);
    wolfSSL_CTX_SetIORecv(context_.get(), OnRead);
    wolfSSL_CTX_SetIOSend(context_.get(), OnWrite);
    ssl_.reset(wolfSSL_new(context_.get()));
    BOOST_REQUIRE(ssl_);
    wolfSSL_set_psk_callback_ctx(ssl_.get(), this);
    wolfSSL_SetIOReadCtx(ssl_.get(), this);
    wolfSSL_SetIOWriteCtx(ssl_.get(), this);
  }
  DtlsPeer(const DtlsPeer&) = delete;
  DtlsPeer& operator=(const DtlsPeer&) = delete;

  bool Connect() { return wolfSSL_connect(ssl_.get()) == WOLFSSL_SUCCESS; }
  void Send(const std::string& message) {
    BOOST_REQUIRE(wolfSSL_write(ssl_.get(), message.data(), static_cast<int>(message.size())) > 0);
  }
  // The answer; empty: none came.
  std::string Exchange(const std::string& request) {
    Send(request);
    return Receive();
  }
  std::string Receive() {
    std::array<char, 2000> answer;
    const int length = wolfSSL_read(ssl_.get(), answer.data(), answer.size());
    return length <= 0 ? "" : std::string(answer.data(), static_cast<std::size_t>(length));
  }
  // Sends close_notify.
  void Close() { wolfSSL_shutdown(ssl_.get()); }
  // This one of what it sends goes out twice.
  void RepeatDatagram(std::size_t number) { repeated_ = number; }
  // Datagrams, as they went out and came in.
  const std::vector<std::string>& sent() const { return sent_; }
  const std::vector<std::string>& received() const { return received_; }

 private:
  static DtlsPeer& Of(void* self) { return *static_cast<DtlsPeer*>(self); }
  static int OnRead(WOLFSSL*, char* buffer, int size, void* self) {
    const std::string& datagram = Of(self).received_.emplace_back(Of(self).socket_.Receive());
    if (datagram.empty() || datagram.size() > static_cast<std::size_t>(size)) {
      return WOLFSSL_CBIO_ERR_GENERAL;
    }
    std::memcpy(buffer, datagram.data(), datagram.size());
    return static_cast<int>(datagram.size());
  }
  static int OnWrite(WOLFSSL*, char* buffer, int size, void* self) {
    Of(self).sent_.emplace_back(buffer, static_cast<std::size_t>(size));
    Of(self).socket_.Send(Of(self).sent_.back());
    if (Of(self).sent_.size() - 1 == Of(self).repeated_) {
      Of(self).socket_.Send(Of(self).sent_.back());
    }
    return size;
  }
  static unsigned OnPsk(WOLFSSL* ssl, const char*, char* identity, unsigned identity_size,
                        unsigned char* key, unsigned key_size) {
    const DtlsPeer& self = Of(wolfSSL_get_psk_callback_ctx(ssl));
    if (self.identity_.size() >= identity_size || self.key_.size() > key_size) return 0;
    std::memcpy(identity, self.identity_.c_str(), self.identity_.size() + 1);
    std::memcpy(key, self.key_.data(), self.key_.size());
    return static_cast<unsigned>(self.key_.size());
  }

  RawSocket& socket_;
  const std::string identity_;
  const std::string key_;
  const std::unique_ptr<WOLFSSL_CTX, decltype(&wolfSSL_CTX_free)> context_;
  struct Free {
    void operator()(WOLFSSL* ssl) const { wolfSSL_free(ssl); }
  };
  std::unique_ptr<WOLFSSL, Free> ssl_;
  std::optional<std::size_t> repeated_;
  std::vector<std::string> sent_;
  std::vector<std::string> received_;
};

}  // namespace saef::coap::test

#endif  // SAEF_BINDINGS_COAP_DTLS_PEER_H_
