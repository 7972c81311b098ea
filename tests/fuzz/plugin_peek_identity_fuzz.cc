// SPDX-License-Identifier: GPL-3.0-or-later
//
// PeekTlsIdentity and PeekDtlsIdentity on anything. The first octet chooses: even TLS, odd DTLS.
// The corpus holds what OpenSSL's client sent in real handshakes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "bindings/peek_identity.h"

namespace {

using saef::bindings::PeekedIdentity;
using Octets = std::span<const std::uint8_t>;

void Check(const PeekedIdentity& found, Octets input) {
  if (found.kind != PeekedIdentity::Kind::kIdentity) return;
  if (found.length == 0 || found.length > found.octets.size() || found.length > input.size()) {
    std::abort();
  }
  for (std::size_t i = 0; i < found.length; ++i) {
    if (found.octets[i] == 0) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Octets input(data + 1, size - 1);
  const bool tls = data[0] % 2 == 0;
  const auto peek = tls ? saef::bindings::PeekTlsIdentity : saef::bindings::PeekDtlsIdentity;
  const PeekedIdentity found = peek(input);
  Check(found, input);
  // On a stream, what was found stays found, and nothing was decided that more bytes could undo.
  if (tls && found.kind == PeekedIdentity::Kind::kNeedMore) {
    const PeekedIdentity before = peek(input.first(input.size() / 2));
    if (before.kind != PeekedIdentity::Kind::kNeedMore) std::abort();
  }
  return 0;
}
