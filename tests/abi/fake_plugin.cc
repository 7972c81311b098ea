// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/abi/fake_plugin.h"

#include <algorithm>
#include <atomic>
#include <span>
#include <utility>

#include "tests/abi/client_flight.h"

namespace saef::abi_test {
namespace {

std::string Text(const uint8_t *data, size_t length) {
  return std::string(reinterpret_cast<const char *>(data), length);
}

std::atomic<int> peeks = 0;

int32_t PeekIdentity(int32_t transport, const uint8_t *data, size_t length, uint8_t *identity,
                     size_t *identity_length) {
  ++peeks;
  std::string found;
  std::span<const uint8_t> octets(data, length);
  switch (transport == SAEF_TLS ? PeekTls(octets, &found) : PeekDtls(octets, &found)) {
    case Peeked::kNeedMore:
      return SAEF_NEED_MORE;
    case Peeked::kNone:
      return SAEF_NO_IDENTITY;
    case Peeked::kInvalid:
      return SAEF_INVALID;
    case Peeked::kIdentity:
      break;
  }
  if (*identity_length < found.size()) {
    *identity_length = found.size();
    return SAEF_E_BUFFER_TOO_SMALL;
  }
  std::copy(found.begin(), found.end(), identity);
  *identity_length = found.size();
  return SAEF_IDENTITY;
}

}  // namespace

FakePlugin::FakePlugin() : api_(MakeApi()) {
  peeks = 0;
  thread_ = std::thread([this] { Run(); });
}

FakePlugin::~FakePlugin() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

// The identity; or "certificates" and each of them, "public key" and that, each after a space.
std::string FakePlugin::NameOf(const saef_peer &peer) {
  if (peer.psk_identity.length > 0) {
    return Text(peer.psk_identity.data, peer.psk_identity.length);
  }
  if (peer.public_key.length > 0) {
    return "public key " + Text(peer.public_key.data, peer.public_key.length);
  }
  std::string name = "certificates";
  for (size_t i = 0; i < peer.certificate_count; ++i) {
    name += " " + Text(peer.certificates[i].data, peer.certificates[i].length);
  }
  return name;
}

saef_api FakePlugin::MakeApi() {
  saef_api api = {};
  api.size = sizeof(api);
  api.abi_major = SAEF_ABI_MAJOR;
  api.abi_minor = SAEF_ABI_MINOR;
  api.version = "fake";
  api.version_length = 4;
  api.lookup = [](saef_instance *instance, const uint8_t *identity, size_t length, uint8_t *key,
                  size_t *key_length) {
    FakePlugin &self = Of(instance);
    std::lock_guard lock(self.mutex_);
    ++self.counts_.lookups;
    return self.Lookup(Text(identity, length), key, key_length);
  };
  api.lookup_async = [](saef_instance *instance, const uint8_t *identity, size_t length,
                        saef_lookup_callback callback, void *context, saef_ticket *ticket) {
    return Of(instance).LookupAsync(Text(identity, length), callback, context, ticket);
  };
  api.lookup_cancel = [](saef_instance *instance, saef_ticket ticket) {
    return Of(instance).Cancel(ticket);
  };
  api.lookup_wait = [](saef_instance *instance, const uint8_t *identity, size_t length,
                       uint32_t timeout_ms, uint8_t *key, size_t *key_length) {
    FakePlugin &self = Of(instance);
    std::unique_lock lock(self.mutex_);
    ++self.counts_.waits;
    const Plan plan = self.plans_[Text(identity, length)];
    if (plan.when == When::kLater) {
      lock.unlock();
      std::this_thread::sleep_for(std::min(plan.delay, std::chrono::milliseconds(timeout_ms)));
      lock.lock();
      if (plan.delay.count() > timeout_ms) {
        return static_cast<int32_t>(SAEF_UNAVAILABLE);
      }
      if (plan.outcome == SAEF_KEY) {
        self.keys_[Text(identity, length)] = plan.key;
      }
    }
    return self.Lookup(Text(identity, length), key, key_length);
  };
  api.peek_identity = PeekIdentity;
  api.associate = [](saef_instance *instance, const saef_peer *peer,
                     saef_association *association) {
    FakePlugin &self = Of(instance);
    std::lock_guard lock(self.mutex_);
    if (self.associate_result_ != SAEF_DONE) {
      return self.associate_result_;
    }
    ++self.counts_.associated;
    *association = ++self.last_association_;
    self.associations_[*association] = NameOf(*peer);
    return static_cast<int32_t>(SAEF_DONE);
  };
  api.describe = [](saef_instance *instance, saef_association association,
                    saef_association_description *) {
    FakePlugin &self = Of(instance);
    std::lock_guard lock(self.mutex_);
    return static_cast<int32_t>(self.associations_.contains(association) ? SAEF_DONE
                                                                         : SAEF_E_HANDLE);
  };
  api.dissociate = [](saef_instance *instance, saef_association association) {
    FakePlugin &self = Of(instance);
    std::lock_guard lock(self.mutex_);
    ++self.counts_.dissociated;
    return static_cast<int32_t>(self.associations_.erase(association) == 1 ? SAEF_DONE
                                                                           : SAEF_E_HANDLE);
  };
  api.verify_peer = [](saef_instance *instance, const saef_peer *) {
    FakePlugin &self = Of(instance);
    std::lock_guard lock(self.mutex_);
    ++self.counts_.verifies;
    return self.verify_result_;
  };
  return api;
}

void FakePlugin::SetPlan(const std::string &identity, Plan plan) {
  std::lock_guard lock(mutex_);
  plans_[identity] = std::move(plan);
}
void FakePlugin::AnswerAtOnce(const std::string &identity, int32_t outcome,
                              const std::string &key) {
  SetPlan(identity, {When::kAtOnce, outcome, key, {}});
}
void FakePlugin::AnswerAfter(const std::string &identity, std::chrono::milliseconds delay,
                             int32_t outcome, const std::string &key) {
  SetPlan(identity, {When::kLater, outcome, key, delay});
}
void FakePlugin::AnswerBeforeReturning(const std::string &identity, int32_t outcome,
                                       const std::string &key) {
  SetPlan(identity, {When::kBeforeReturning, outcome, key, {}});
}
void FakePlugin::Withhold(const std::string &identity) {
  SetPlan(identity, {When::kNever, 0, {}, {}});
}

void FakePlugin::Answer(const std::string &identity, int32_t outcome, const std::string &key) {
  std::unique_lock lock(mutex_);
  std::vector<saef_ticket> tickets;
  for (auto &[ticket, waiting] : waiting_) {
    if (waiting.identity == identity) {
      waiting.due = Clock::time_point::min();
      waiting.outcome = outcome;
      waiting.key = key;
      tickets.push_back(ticket);
    }
  }
  if (outcome == SAEF_KEY) {
    keys_[identity] = key;
  }
  changed_.notify_all();
  changed_.wait(lock, [&] {
    return std::none_of(tickets.begin(), tickets.end(), [&](saef_ticket ticket) {
      return ticket == running_ || waiting_.contains(ticket);
    });
  });
}

void FakePlugin::Forget(const std::string &identity) {
  std::lock_guard lock(mutex_);
  keys_.erase(identity);
  plans_[identity] = {When::kNever, 0, {}, {}};
}

void FakePlugin::RefuseAssociations(int32_t result) {
  std::lock_guard lock(mutex_);
  associate_result_ = result;
}

FakePlugin::Counts FakePlugin::counts() const {
  std::lock_guard lock(mutex_);
  Counts counts = counts_;
  counts.peeks = peeks;
  return counts;
}

std::vector<std::string> FakePlugin::associations() const {
  std::lock_guard lock(mutex_);
  std::vector<std::string> identities;
  for (const auto &[association, identity] : associations_) {
    identities.push_back(identity);
  }
  return identities;
}

std::string FakePlugin::IdentityOf(saef_association association) const {
  std::lock_guard lock(mutex_);
  const auto found = associations_.find(association);
  return found == associations_.end() ? "ended" : found->second;
}

void FakePlugin::AnswerVerifications(int32_t result) {
  std::lock_guard lock(mutex_);
  verify_result_ = result;
}

// Called with mutex_ held.
int32_t FakePlugin::Lookup(const std::string &identity, uint8_t *key, size_t *key_length) {
  const Plan &plan = plans_[identity];
  auto found = keys_.find(identity);
  if (found == keys_.end() && plan.when == When::kAtOnce && plan.outcome == SAEF_KEY) {
    found = keys_.emplace(identity, plan.key).first;
  }
  if (found == keys_.end()) {
    return plan.when == When::kAtOnce ? plan.outcome : static_cast<int32_t>(SAEF_PENDING);
  }
  if (*key_length < found->second.size()) {
    *key_length = found->second.size();
    return SAEF_E_BUFFER_TOO_SMALL;
  }
  std::copy(found->second.begin(), found->second.end(), key);
  *key_length = found->second.size();
  return SAEF_KEY;
}

int32_t FakePlugin::LookupAsync(const std::string &identity, saef_lookup_callback callback,
                                void *context, saef_ticket *ticket) {
  std::unique_lock lock(mutex_);
  ++counts_.asyncs;
  const Plan plan = plans_[identity];
  if (keys_.contains(identity)) {
    return SAEF_KEY;
  }
  if (plan.when == When::kAtOnce) {
    return plan.outcome;
  }
  const saef_ticket mine = ++last_ticket_;
  *ticket = mine;
  Waiting waiting{identity, callback, context, Clock::time_point::max(), plan.outcome, plan.key};
  if (plan.when == When::kLater) {
    waiting.due = Clock::now() + plan.delay;
  } else if (plan.when == When::kBeforeReturning) {
    waiting.due = Clock::time_point::min();
  }
  waiting_[mine] = std::move(waiting);
  changed_.notify_all();
  if (plan.when == When::kBeforeReturning) {
    changed_.wait(lock, [&] { return !waiting_.contains(mine) && running_ != mine; });
  }
  return SAEF_PENDING;
}

int32_t FakePlugin::Cancel(saef_ticket ticket) {
  std::unique_lock lock(mutex_);
  ++counts_.cancels;
  if (waiting_.erase(ticket) == 1) {
    return SAEF_DONE;
  }
  ++counts_.cancelled_late;
  if (std::this_thread::get_id() != thread_.get_id()) {
    changed_.wait(lock, [&] { return running_ != ticket; });
  }
  return SAEF_E_HANDLE;
}

void FakePlugin::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    auto next = std::min_element(waiting_.begin(), waiting_.end(), [](auto &left, auto &right) {
      return left.second.due < right.second.due;
    });
    if (next == waiting_.end() || next->second.due == Clock::time_point::max()) {
      changed_.wait(lock);
      continue;
    }
    if (const auto due = next->second.due; due > Clock::now()) {
      changed_.wait_until(lock, due);
      continue;
    }
    const saef_ticket ticket = next->first;
    const Waiting waiting = std::move(next->second);
    waiting_.erase(next);
    if (waiting.outcome == SAEF_KEY) {
      keys_[waiting.identity] = waiting.key;
    }
    running_ = ticket;
    ++counts_.callbacks;
    lock.unlock();
    waiting.callback(waiting.context, ticket, waiting.outcome);
    lock.lock();
    running_ = 0;
    changed_.notify_all();
  }
}

}  // namespace saef::abi_test
