// SPDX-License-Identifier: GPL-3.0-or-later
//
// An HTTP message as the bytes of the wire, by Beast's serializer.
#ifndef SAEF_BINDINGS_HTTP_SERIALIZE_H_
#define SAEF_BINDINGS_HTTP_SERIALIZE_H_

#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>

namespace saef::http {

template <bool isRequest>
std::string Serialize(
    const boost::beast::http::message<isRequest, boost::beast::http::string_body>& message) {
  boost::beast::http::serializer<isRequest, boost::beast::http::string_body> serializer(message);
  std::string out;
  boost::system::error_code error;
  while (!error && !serializer.is_done()) {
    serializer.next(error, [&](boost::system::error_code&, const auto& buffers) {
      for (const auto buffer : boost::beast::buffers_range_ref(buffers)) {
        out.append(static_cast<const char*>(buffer.data()), buffer.size());
      }
      serializer.consume(boost::beast::buffer_bytes(buffers));
    });
  }
  return out;
}

}  // namespace saef::http

#endif  // SAEF_BINDINGS_HTTP_SERIALIZE_H_
