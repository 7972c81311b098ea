// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/session_bounds.h"

#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace saef::bindings {
namespace {

// Where `total` would be passed nothing is taken.
bool TakeOne(std::atomic<std::size_t>& count, std::size_t total) {
  if (count.fetch_add(1, std::memory_order_relaxed) < total) return true;
  count.fetch_sub(1, std::memory_order_relaxed);
  return false;
}

Source OfIpv4(const std::uint8_t* octets) {
  std::uint64_t address = 0;
  for (int i = 0; i < 4; ++i) address = address << 8 | octets[i];
  return {false, address};
}

}  // namespace

Source Source::Of(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    sockaddr_in ipv4;
    std::memcpy(&ipv4, address, sizeof(ipv4));
    return OfIpv4(reinterpret_cast<const std::uint8_t*>(&ipv4.sin_addr));
  }
  if (address->sa_family != AF_INET6) return {};
  sockaddr_in6 ipv6;
  std::memcpy(&ipv6, address, sizeof(ipv6));
  if (IN6_IS_ADDR_V4MAPPED(&ipv6.sin6_addr)) return OfIpv4(ipv6.sin6_addr.s6_addr + 12);
  std::uint64_t prefix = 0;
  for (int i = 0; i < 8; ++i) prefix = prefix << 8 | ipv6.sin6_addr.s6_addr[i];
  return {true, prefix};
}

SessionBounds::Limits SessionBounds::Limits::Of(const ServerOptions& options) {
  const auto or_else = [](std::size_t asked, std::size_t otherwise) {
    return asked != 0 ? asked : std::max<std::size_t>(otherwise, 1);
  };
  Limits limits;
  limits.sessions = options.max_sessions;
  limits.handshakes = or_else(options.max_handshakes, limits.sessions / 5 * 4);
  limits.sessions_of_source = or_else(options.max_sessions_per_source, limits.sessions / 2);
  limits.handshakes_of_source = or_else(options.max_handshakes_per_source, limits.handshakes / 2);
  return limits;
}

bool SessionBounds::TakeOfAll(bool shakes_hands) {
  if (!TakeOne(sessions_, limits_.sessions)) return false;
  if (!shakes_hands || TakeOne(handshakes_, limits_.handshakes)) return true;
  GiveBackOfAll(true, false);
  return false;
}

void SessionBounds::GiveBackOfAll(bool session, bool handshake) {
  if (session) sessions_.fetch_sub(1, std::memory_order_relaxed);
  if (handshake) handshakes_.fetch_sub(1, std::memory_order_relaxed);
}

SessionBounds::Answer SessionBounds::Take(const Source& source, bool shakes_hands, Place& place) {
  {
    Shard& shard = ShardOf(source);
    const MutexLock lock(shard.mutex);
    // First, so that where neither has room the reason is the same for every source.
    if (!TakeOfAll(shakes_hands)) return Answer::kFull;
    const auto known = shard.sources.find(source);
    const Count now = known == shard.sources.end() ? Count{} : known->second;
    if (now.sessions >= limits_.sessions_of_source ||
        (shakes_hands && now.handshakes >= limits_.handshakes_of_source)) {
      GiveBackOfAll(true, shakes_hands);
      return Answer::kSourceIsFull;
    }
    Count& count = shard.sources[source];
    ++count.sessions;
    count.handshakes += shakes_hands ? 1 : 0;
  }
  place.Leave();
  place.bounds_ = this;
  place.source_ = source;
  place.shakes_hands_ = shakes_hands;
  return Answer::kTaken;
}

std::size_t SessionBounds::sources() {
  std::size_t count = 0;
  for (Shard& shard : shards_) {
    const MutexLock lock(shard.mutex);
    count += shard.sources.size();
  }
  return count;
}

void SessionBounds::GiveBack(const Source& source, bool session, bool handshake) {
  GiveBackOfAll(session, handshake);
  Shard& shard = ShardOf(source);
  const MutexLock lock(shard.mutex);
  const auto known = shard.sources.find(source);
  known->second.sessions -= session ? 1 : 0;
  known->second.handshakes -= handshake ? 1 : 0;
  if (known->second.sessions == 0) shard.sources.erase(known);
}

SessionBounds::Place& SessionBounds::Place::operator=(Place&& other) noexcept {
  if (this == &other) return *this;
  Leave();
  bounds_ = std::exchange(other.bounds_, nullptr);
  source_ = other.source_;
  shakes_hands_ = other.shakes_hands_;
  return *this;
}

void SessionBounds::Place::EndHandshake() {
  if (bounds_ == nullptr || !shakes_hands_) return;
  shakes_hands_ = false;
  bounds_->GiveBack(source_, false, true);
}

void SessionBounds::Place::Leave() {
  if (bounds_ == nullptr) return;
  std::exchange(bounds_, nullptr)->GiveBack(source_, true, shakes_hands_);
}

}  // namespace saef::bindings
