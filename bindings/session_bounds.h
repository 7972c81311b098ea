// SPDX-License-Identifier: GPL-3.0-or-later
//
// SessionBounds: how many sessions and handshakes a server has room for, in all and for each source
// that they come from, whichever of its threads serves them. A source is an IPv4 address or, since
// a host may have all of it, an IPv6 prefix of 64 bits; ports make no difference.
//
// Threads: any. Lifetime: longer than its places.
#ifndef SAEF_BINDINGS_SESSION_BOUNDS_H_
#define SAEF_BINDINGS_SESSION_BOUNDS_H_

#include <sys/socket.h>

#include <array>
#include <atomic>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>

#include "bindings/server.h"
#include "onem2m/thread_annotations.h"

namespace saef::bindings {

struct Source {
  bool is_ipv6 = false;
  std::uint64_t prefix = 0;  // the address, or the first 64 bits of it
  friend auto operator<=>(const Source&, const Source&) = default;  // NOLINT(modernize-use-nullptr)

  // An IPv4 address may come as an IPv6 one (::ffff:a.b.c.d). What is neither is one source.
  static Source Of(const sockaddr* address);
};

class SessionBounds {
 public:
  struct Limits {
    std::size_t sessions = 0;
    std::size_t handshakes = 0;
    std::size_t sessions_of_source = 0;
    std::size_t handshakes_of_source = 0;

    // With the defaults that ServerOptions names.
    static Limits Of(const ServerOptions& options);
  };
  enum class Answer { kTaken, kSourceIsFull, kFull };

  // A session's room, given back when this goes. Threads: one at a time.
  class Place {
   public:
    Place() = default;
    ~Place() { Leave(); }
    Place(Place&& other) noexcept { *this = std::move(other); }
    Place& operator=(Place&& other) noexcept;

    // The session goes on, its handshake is over.
    void EndHandshake();
    void Leave();

   private:
    friend class SessionBounds;
    SessionBounds* bounds_ = nullptr;  // null: no place
    Source source_;
    bool shakes_hands_ = false;
  };

  explicit SessionBounds(const Limits& limits) : limits_(limits) {}
  SessionBounds(const SessionBounds&) = delete;
  SessionBounds& operator=(const SessionBounds&) = delete;

  // One more session, whose handshake begins where `shakes_hands`. `place` is changed by kTaken
  // alone.
  Answer Take(const Source& source, bool shakes_hands, Place& place);
  // Those that have a session now; no other costs memory.
  std::size_t sources();

 private:
  static constexpr std::size_t kShards = 16;
  struct Count {
    std::size_t sessions = 0;
    std::size_t handshakes = 0;
  };
  struct Shard {
    Mutex mutex;
    std::map<Source, Count> sources SAEF_GUARDED_BY(mutex);
  };

  Shard& ShardOf(const Source& source) {
    return shards_[(source.prefix ^ source.prefix >> 32) * 0x9e3779b97f4a7c15u >> 60];
  }
  bool TakeOfAll(bool shakes_hands);
  void GiveBackOfAll(bool session, bool handshake);
  void GiveBack(const Source& source, bool session, bool handshake);

  const Limits limits_;
  std::atomic<std::size_t> sessions_{0};
  std::atomic<std::size_t> handshakes_{0};
  std::array<Shard, kShards> shards_;
};

}  // namespace saef::bindings

#endif  // SAEF_BINDINGS_SESSION_BOUNDS_H_
