// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/http/test_plugin.h"

#include <cstring>

#include "bindings/http/test_peer.h"
#include "onem2m/secret.h"

namespace saef::http::test {
namespace {

constexpr std::string_view kName = "@maf.example.com";

std::string_view Text(const std::uint8_t* data, std::size_t length) {
  return {reinterpret_cast<const char*>(data), length};
}

std::int32_t GiveKey(std::uint8_t* key, std::size_t* length) {
  const auto secret = onem2m::Secret::FromHex(kKeyHex);
  if (!secret || *length < secret->size()) return SAEF_E_BUFFER_TOO_SMALL;
  std::memcpy(key, secret->data(), secret->size());
  *length = secret->size();
  return SAEF_KEY;
}

}  // namespace

TestPlugin::TestPlugin(std::chrono::milliseconds delay) : delay_(delay) {
  api_.size = sizeof(api_);
  api_.abi_major = SAEF_ABI_MAJOR;
  api_.lookup = &TestPlugin::FindKey;
  api_.lookup_async = &TestPlugin::FindKeyLater;
  api_.lookup_cancel = &TestPlugin::Cancel;
  api_.lookup_wait = &TestPlugin::FindKeyWaiting;
  api_.peek_identity = &TestPlugin::Peek;
  api_.associate = &TestPlugin::Associate;
  api_.dissociate = &TestPlugin::Dissociate;
  thread_ = std::thread([this] { Loop(); });
}

TestPlugin::~TestPlugin() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  thread_.join();
}

std::size_t TestPlugin::associations() {
  const MutexLock lock(mutex_);
  return associations_.size();
}

std::size_t TestPlugin::waiting() {
  const MutexLock lock(mutex_);
  return lookups_.size();
}

std::int32_t TestPlugin::Outcome(std::string_view identity) {
  if (!identity.ends_with(kName)) return SAEF_NOT_MINE;
  if (identity.starts_with("hit-") || identity.starts_with("denied-")) return SAEF_KEY;
  if (here_.find(identity) != here_.end()) return SAEF_KEY;
  return identity.starts_with("slow-") ? SAEF_PENDING : SAEF_UNKNOWN;
}

std::int32_t TestPlugin::FindKey(saef_instance* instance, const std::uint8_t* identity,
                                 std::size_t length, std::uint8_t* key, std::size_t* key_length) {
  TestPlugin& self = Of(instance);
  const MutexLock lock(self.mutex_);
  const std::int32_t outcome = self.Outcome(Text(identity, length));
  return outcome == SAEF_KEY ? GiveKey(key, key_length) : outcome;
}

std::int32_t TestPlugin::FindKeyLater(saef_instance* instance, const std::uint8_t* identity,
                                      std::size_t length, saef_lookup_callback callback,
                                      void* context, saef_ticket* ticket) {
  TestPlugin& self = Of(instance);
  const MutexLock lock(self.mutex_);
  const std::int32_t outcome = self.Outcome(Text(identity, length));
  if (outcome != SAEF_PENDING) return outcome;
  *ticket = ++self.last_ticket_;
  self.lookups_[*ticket] = {Clock::now() + self.delay_, std::string(Text(identity, length)),
                            callback, context};
  self.changed_.NotifyAll();
  return SAEF_PENDING;
}

std::int32_t TestPlugin::Cancel(saef_instance* instance, saef_ticket ticket) {
  TestPlugin& self = Of(instance);
  const MutexLock lock(self.mutex_);
  while (self.running_ == ticket && std::this_thread::get_id() != self.thread_.get_id()) {
    self.changed_.Wait(self.mutex_);
  }
  return self.lookups_.erase(ticket) == 1 ? SAEF_DONE : SAEF_E_HANDLE;
}

std::int32_t TestPlugin::FindKeyWaiting(saef_instance* instance, const std::uint8_t* identity,
                                        std::size_t length, std::uint32_t timeout_ms,
                                        std::uint8_t* key, std::size_t* key_length) {
  TestPlugin& self = Of(instance);
  {
    const MutexLock lock(self.mutex_);
    if (self.Outcome(Text(identity, length)) == SAEF_PENDING) {
      if (self.delay_ > std::chrono::milliseconds(timeout_ms)) return SAEF_UNAVAILABLE;
      self.here_.emplace(Text(identity, length));
    }
  }
  std::this_thread::sleep_for(self.delay_);
  return FindKey(instance, identity, length, key, key_length);
}

void TestPlugin::Loop() {
  const MutexLock lock(mutex_);
  while (!stopping_) {
    if (lookups_.empty()) {
      changed_.Wait(mutex_);
      continue;
    }
    // All wait equally long, so the first is the next.
    const auto first = lookups_.begin();
    // It may be cancelled while this waits.
    const Clock::time_point due = first->second.due;
    if (Clock::now() < due) {
      changed_.WaitUntil(mutex_, due);
      continue;
    }
    const auto [ticket, lookup] = *first;
    lookups_.erase(first);
    here_.insert(lookup.identity);
    running_ = ticket;
    mutex_.Unlock();
    lookup.callback(lookup.context, ticket, SAEF_KEY);
    mutex_.Lock();
    running_ = 0;
    changed_.NotifyAll();
  }
}

// The identity of a ClientKeyExchange (RFC 5246 7.4.7, RFC 4279 2) that isn't fragmented over
// records.
std::int32_t TestPlugin::Peek(std::int32_t, const std::uint8_t* data, std::size_t length,
                              std::uint8_t* identity, std::size_t* identity_length) {
  std::size_t at = 0;
  while (length - at >= 5) {
    const std::size_t record = at + 5;
    const std::size_t end = record + (std::size_t(data[at + 3]) << 8 | data[at + 4]);
    if (data[at] != 22) return SAEF_NO_IDENTITY;
    if (end > length) return SAEF_NEED_MORE;
    if (end - record >= 6 && data[record] == 16) {
      const std::size_t size = std::size_t(data[record + 4]) << 8 | data[record + 5];
      if (record + 6 + size > end || size > SAEF_MAX_IDENTITY) return SAEF_INVALID;
      if (*identity_length < size) return SAEF_E_BUFFER_TOO_SMALL;
      std::memcpy(identity, data + record + 6, size);
      *identity_length = size;
      return SAEF_IDENTITY;
    }
    at = end;
  }
  return SAEF_NEED_MORE;
}

std::int32_t TestPlugin::Associate(saef_instance* instance, const saef_peer* peer,
                                   saef_association* association) {
  TestPlugin& self = Of(instance);
  const MutexLock lock(self.mutex_);
  const std::string_view identity = Text(peer->psk_identity.data, peer->psk_identity.length);
  if (!identity.ends_with(kName)) return SAEF_NOT_MINE;
  if (identity.starts_with("denied-")) return SAEF_DENIED;
  *association = ++self.last_association_;
  self.associations_.insert(*association);
  return SAEF_DONE;
}

std::int32_t TestPlugin::Dissociate(saef_instance* instance, saef_association association) {
  TestPlugin& self = Of(instance);
  const MutexLock lock(self.mutex_);
  return self.associations_.erase(association) == 1 ? SAEF_DONE : SAEF_E_HANDLE;
}

}  // namespace saef::http::test
