// SPDX-License-Identifier: GPL-3.0-or-later
//
// The module's one exported function, and the functions of the table that it hands out: they check
// arguments and pass on to Instance. What they do stands in plugin.h.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "bindings/peek_identity.h"
#include "onem2m/secret.h"
#include "plugin/abi_arguments.h"
#include "plugin/api_guard.h"
#include "plugin/instance.h"
#include "saef/plugin.h"

namespace saef::plugin {
namespace {

constexpr std::string_view kVersion = "saef " SAEF_VERSION;
constexpr int kAeResource = 2;  // TS-0004 6.3.4.2.1: <AE>

// A text of ours in the caller's buffer, as open() and the entry promise it.
void WriteText(std::string_view text, char* to, std::size_t* length) {
  if (length == nullptr) return;
  if (to != nullptr && text.size() <= *length) std::copy(text.begin(), text.end(), to);
  *length = text.size();
}

// Puts a handle on the chain of all that were ever handed out.
saef_instance* HandOut(std::unique_ptr<saef_instance> handle) noexcept {
  static std::atomic<saef_instance*> last{nullptr};
  saef_instance* const made = handle.release();
  made->before = last.load(std::memory_order_relaxed);
  while (!last.compare_exchange_weak(made->before, made, std::memory_order_acq_rel)) {
  }
  return made;
}

std::int32_t Open(const saef_open_arguments* arguments, saef_instance** instance, char* error,
                  std::size_t* error_length) {
  if (instance != nullptr) *instance = nullptr;
  const bool right =
      IsWhole(arguments) && instance != nullptr &&
      IsText(arguments->config_path, arguments->config_path_length) &&
      arguments->config_path_length > 0 &&
      (arguments->host == nullptr || arguments->host->size >= offsetof(saef_host, log)) &&
      (error_length == nullptr || IsBytes(error, *error_length));
  if (!right) return SAEF_E_ARGUMENT;
  return Guarded([&]() -> std::int32_t {
    if (!ForkWatch::Begin()) {
      WriteText("forks can't be watched", error, error_length);
      return SAEF_E_INTERNAL;
    }
    auto handle = std::make_unique<saef_instance>();
    auto opened =
        Instance::Open(std::string(View(arguments->config_path, arguments->config_path_length)),
                       Host(arguments->host));
    if (const auto* const refused = std::get_if<Instance::OpenError>(&opened)) {
      WriteText(refused->text, error, error_length);
      return refused->result;
    }
    WriteText({}, error, error_length);
    handle->instance.store(std::get<std::unique_ptr<Instance>>(opened).release(),
                           std::memory_order_release);
    *instance = HandOut(std::move(handle));
    return SAEF_DONE;
  });
}

std::int32_t Close(saef_instance* handle) {
  return Guarded([&]() -> std::int32_t {
    const std::int32_t checked = CheckHandle(handle);
    if (checked != SAEF_DONE) return checked;
    delete handle->instance.exchange(nullptr, std::memory_order_acq_rel);
    return SAEF_DONE;
  });
}

// What lookup() takes.
using LookupFunction = std::int32_t(saef_instance* handle, const std::uint8_t* identity,
                                    std::size_t identity_length, std::uint8_t* key,
                                    std::size_t* key_length);

// What can be told at once; `otherwise` tells the rest. For lookup() and lookup_async(): what a
// handshake asks both times is one piece of code, and the lines of memory that it reads are near
// when the key is asked for. Flat: of a key of the first issuer's, without calls but for the clock
// and the lane.
[[gnu::hot, gnu::flatten, gnu::noinline]] std::int32_t LookupAtOnce(
    saef_instance* handle, const std::uint8_t* identity, std::size_t identity_length,
    std::uint8_t* key, std::size_t* key_length, LookupFunction* otherwise) {
  const bool right = identity != nullptr && key != nullptr && key_length != nullptr;
  if (right && CheckHandle(handle) == SAEF_DONE) [[likely]] {
    Instance& instance = *handle->instance.load(std::memory_order_relaxed);
    const std::int32_t told =
        instance.lookups().LookupAtOnce({identity, identity_length}, key, key_length);
    if (told != 0) [[likely]]
      return told;
  }
  return otherwise(handle, identity, identity_length, key, key_length);
}

std::int32_t LookupInFull(saef_instance* handle, const std::uint8_t* identity,
                          std::size_t identity_length, std::uint8_t* key, std::size_t* key_length) {
  const bool right =
      IsBytes(identity, identity_length) && key_length != nullptr && IsBytes(key, *key_length);
  return Guarded<ErrnoGuard>(handle, right, [&](Instance& instance) {
    std::uint8_t none = 0;
    return instance.lookups().Lookup(Octets(identity, identity_length),
                                     key != nullptr ? key : &none, key_length);
  });
}

std::int32_t Lookup(saef_instance* handle, const std::uint8_t* identity,
                    std::size_t identity_length, std::uint8_t* key, std::size_t* key_length) {
  return LookupAtOnce(handle, identity, identity_length, key, key_length, LookupInFull);
}

std::int32_t LookupNothing(saef_instance* /*handle*/, const std::uint8_t* /*identity*/,
                           std::size_t /*identity_length*/, std::uint8_t* /*key*/,
                           std::size_t* /*key_length*/) {
  return 0;
}

std::int32_t LookupAsync(saef_instance* handle, const std::uint8_t* identity,
                         std::size_t identity_length, saef_lookup_callback callback, void* context,
                         saef_ticket* ticket) {
  const bool right = IsBytes(identity, identity_length) && callback != nullptr && ticket != nullptr;
  if (right) [[likely]] {
    std::array<std::uint8_t, KeyTable::kShortKey> key;
    std::size_t key_length = key.size();
    const std::int32_t told =
        LookupAtOnce(handle, identity, identity_length, key.data(), &key_length, LookupNothing);
    if (told == SAEF_KEY) onem2m::Wipe(key);
    if (told != 0) [[likely]]
      return told;
  }
  return Guarded(handle, right, [&](Instance& instance) {
    return instance.lookups().LookupAsync(Octets(identity, identity_length), callback, context,
                                          ticket);
  });
}

std::int32_t LookupCancel(saef_instance* handle, saef_ticket ticket) {
  return Guarded(handle, true,
                 [&](Instance& instance) { return instance.lookups().LookupCancel(ticket); });
}

std::int32_t LookupWait(saef_instance* handle, const std::uint8_t* identity,
                        std::size_t identity_length, std::uint32_t timeout_ms, std::uint8_t* key,
                        std::size_t* key_length) {
  const bool right =
      IsBytes(identity, identity_length) && key_length != nullptr && IsBytes(key, *key_length);
  return Guarded(handle, right, [&](Instance& instance) {
    std::uint8_t none = 0;
    return instance.lookups().LookupWait(Octets(identity, identity_length),
                                         std::chrono::milliseconds(timeout_ms),
                                         key != nullptr ? key : &none, key_length);
  });
}

std::int32_t PeekIdentity(std::int32_t transport, const std::uint8_t* data, std::size_t length,
                          std::uint8_t* identity, std::size_t* identity_length) {
  const bool right = (transport == SAEF_TLS || transport == SAEF_DTLS) && IsBytes(data, length) &&
                     identity_length != nullptr && IsBytes(identity, *identity_length);
  if (!right) return SAEF_E_ARGUMENT;
  return bindings::PeekIdentity(transport, Octets(data, length), identity, identity_length);
}

[[gnu::noinline]] std::int32_t AssociateByCertificate(saef_instance* handle, const saef_peer* peer,
                                                      saef_association* association) {
  saef_peer taken{};
  bool right = IsWhole(peer) && association != nullptr;
  if (right) {
    taken = TakeOver(*peer);
    right = IsPeer(taken);
  }
  return Guarded(handle, right, [&](Instance& instance) {
    return instance.AssociateByCertificate(taken, association);
  });
}

[[gnu::hot]] std::int32_t Associate(saef_instance* handle, const saef_peer* peer,
                                    saef_association* association) {
  if (association != nullptr) *association = SAEF_NO_ASSOCIATION;
  if (IsWhole(peer) && association != nullptr) [[likely]] {
    const std::span<const std::uint8_t> identity = OnlyPskIdentity(*peer);
    // By a key nothing is called but, seldom, the host's log.
    if (!identity.empty()) [[likely]] {
      return Guarded<ErrnoGuard>(handle, true, [&](Instance& instance) {
        return instance.Associate(identity, association);
      });
    }
  }
  return AssociateByCertificate(handle, peer, association);
}

std::int32_t VerifyPeer(saef_instance* handle, const saef_peer* peer) {
  saef_peer taken{};
  bool right = IsWhole(peer);
  if (right) {
    taken = TakeOver(*peer);
    right = IsPeer(taken) && taken.psk_identity.length == 0;
  }
  return Guarded(handle, right, [&](Instance& instance) { return instance.VerifyPeer(taken); });
}

// INT64_MAX for a credential without an end: the association ends with the session.
std::int64_t OnTheCalendar(TimePoint time) {
  if (time == kNever) return std::numeric_limits<std::int64_t>::max();
  const auto left = time - Clock::now();
  const auto then = std::chrono::system_clock::now() +
                    std::chrono::duration_cast<std::chrono::system_clock::duration>(left);
  return std::chrono::round<std::chrono::seconds>(then.time_since_epoch()).count();
}

std::int32_t KindOf(const Associations::View& view, bool knows_lists) {
  if (view.source->cse() != nullptr) return SAEF_ENTITY_CSE;
  if (view.ae() != nullptr) return SAEF_ENTITY_AE;
  const bool is_list = view.source->allowed() != nullptr;
  return is_list && knows_lists ? SAEF_ENTITY_AE_LIST : SAEF_ENTITY_UNRESOLVED;
}

std::string AllowedIds(const Associations::View& view) {
  std::string ids;
  if (view.source->allowed() == nullptr) return ids;
  for (const onem2m::AeId& ae : *view.source->allowed()) {
    if (!ids.empty()) ids += '\n';
    ids += ae.Absolute();
  }
  return ids;
}

std::int32_t FillDescription(const Associations::View& view,
                             saef_association_description& description) {
  // A host of 1.0 has no room for allowed_ids, and no length to write.
  const bool has_allowed_ids =
      SAEF_HAS(saef_association_description, &description, allowed_ids_length);
  const std::string entity_id =
      view.assigned ? view.assigned->Absolute() : view.source->entity_id();
  const std::string& credential_id = view.source->credential_id;
  const std::string allowed_ids = AllowedIds(view);
  const bool fits = entity_id.size() <= description.entity_id_length &&
                    credential_id.size() <= description.credential_id_length &&
                    (!has_allowed_ids || allowed_ids.size() <= description.allowed_ids_length);
  description.entity_id_length = entity_id.size();
  description.credential_id_length = credential_id.size();
  if (has_allowed_ids) description.allowed_ids_length = allowed_ids.size();
  if (!fits) return SAEF_E_BUFFER_TOO_SMALL;
  std::copy(entity_id.begin(), entity_id.end(), description.entity_id);
  std::copy(credential_id.begin(), credential_id.end(), description.credential_id);
  if (has_allowed_ids) {
    std::copy(allowed_ids.begin(), allowed_ids.end(), description.allowed_ids);
  }
  description.kind = KindOf(view, has_allowed_ids);
  description.suid = static_cast<std::uint32_t>(view.source->suid);
  description.expires = OnTheCalendar(view.expires);
  return view.ended ? SAEF_DENIED : SAEF_DONE;
}

std::int32_t Describe(saef_instance* handle, saef_association association,
                      saef_association_description* description) {
  const bool right = IsWhole(description) &&
                     IsBytes(description->entity_id, description->entity_id_length) &&
                     IsBytes(description->credential_id, description->credential_id_length) &&
                     (!SAEF_HAS(saef_association_description, description, allowed_ids_length) ||
                      IsBytes(description->allowed_ids, description->allowed_ids_length));
  return Guarded(handle, right, [&](Instance& instance) -> std::int32_t {
    const auto view = instance.admission().Describe(association);
    return view ? FillDescription(*view, *description) : SAEF_E_HANDLE;
  });
}

std::int32_t AssignAeId(saef_instance* handle, saef_association association, const char* ae_id,
                        std::size_t length) {
  return Guarded(handle, IsText(ae_id, length), [&](Instance& instance) {
    return instance.admission().AssignAeId(association, View(ae_id, length));
  });
}

std::int32_t WithdrawAeId(saef_instance* handle, const char* ae_id, std::size_t length) {
  return Guarded(handle, IsText(ae_id, length), [&](Instance& instance) {
    return instance.admission().WithdrawAeId(View(ae_id, length));
  });
}

std::int32_t CheckOriginator(saef_instance* handle, saef_association association,
                             const saef_request* request) {
  saef_request taken{};
  bool right = IsWhole(request);
  if (right) {
    taken = TakeOver(*request);
    right = taken.operation >= SAEF_CREATE && taken.operation <= SAEF_NOTIFY &&
            taken.resource_type >= 0 && IsText(taken.originator, taken.originator_length) &&
            IsText(taken.app_id, taken.app_id_length);
  }
  return Guarded(handle, right, [&](Instance& instance) {
    OriginatorRequest checked;
    checked.registers_ae = taken.operation == SAEF_CREATE && taken.resource_type == kAeResource;
    checked.from = View(taken.originator, taken.originator_length);
    checked.app_id = View(taken.app_id, taken.app_id_length);
    return instance.admission().Check(association, checked);
  });
}

[[gnu::hot]] std::int32_t Dissociate(saef_instance* handle, saef_association association) {
  return Guarded<ErrnoGuard>(handle, true, [&](Instance& instance) {
    return instance.admission().Dissociate(association);
  });
}

std::int32_t FillStatistics(saef_instance* handle, saef_statistics* statistics) {
  const bool right = statistics != nullptr && statistics->size >= sizeof(statistics->size);
  return Guarded(handle, right, [&](Instance& instance) -> std::int32_t {
    saef_statistics filled{};
    instance.FillStatistics(filled);
    // A host of an earlier minor version has room for fewer.
    filled.size = statistics->size;
    std::memcpy(statistics, &filled, std::min(statistics->size, sizeof(filled)));
    return SAEF_DONE;
  });
}

std::int32_t Probe(saef_instance* handle, std::uint32_t timeout_ms, saef_probe_callback callback,
                   void* context) {
  return Guarded(handle, callback != nullptr, [&](Instance& instance) -> std::int32_t {
    instance.lookups().Probe(std::chrono::milliseconds(timeout_ms),
                             [&](const std::string& fqdn, const IssuerClient::ProbeReport& found) {
                               saef_probe_report report{};
                               report.size = sizeof(report);
                               report.maf_fqdn = fqdn.data();
                               report.maf_fqdn_length = fqdn.size();
                               report.outcome = found.outcome;
                               report.round_trip_us = found.round_trip_us;
                               report.has_clock_offset =
                                   found.has_clock_offset ? SAEF_YES : SAEF_NO;
                               report.clock_offset_s = found.clock_offset_s;
                               report.text = found.text.data();
                               report.text_length = found.text.size();
                               callback(context, &report);
                             });
    return SAEF_DONE;
  });
}

constexpr saef_api kApi = {
    .size = sizeof(saef_api),
    .abi_major = SAEF_ABI_MAJOR,
    .abi_minor = SAEF_ABI_MINOR,
    .version = kVersion.data(),
    .version_length = kVersion.size(),
    .open = Open,
    .close = Close,
    .lookup = Lookup,
    .lookup_async = LookupAsync,
    .lookup_cancel = LookupCancel,
    .lookup_wait = LookupWait,
    .peek_identity = PeekIdentity,
    .associate = Associate,
    .describe = Describe,
    .assign_ae_id = AssignAeId,
    .withdraw_ae_id = WithdrawAeId,
    .check_originator = CheckOriginator,
    .dissociate = Dissociate,
    .statistics = FillStatistics,
    .probe = Probe,
    .verify_peer = VerifyPeer,
};

}  // namespace
}  // namespace saef::plugin

extern "C" __attribute__((visibility("default"))) std::int32_t saef_plugin_entry(
    const saef_host_versions* host, const saef_api** api, char* reason,
    std::size_t* reason_length) {
  using namespace saef::plugin;
  if (api != nullptr) *api = nullptr;
  const bool right = IsWhole(host) && api != nullptr && host->major_min <= host->major_max &&
                     IsText(host->name, host->name_length) &&
                     (reason_length == nullptr || IsBytes(reason, *reason_length));
  if (!right) return SAEF_E_ARGUMENT;
  return Guarded([&]() -> std::int32_t {
    if (host->major_min > SAEF_ABI_MAJOR || host->major_max < SAEF_ABI_MAJOR) {
      WriteText("the host speaks versions " + std::to_string(host->major_min) + " to " +
                    std::to_string(host->major_max) +
                    " of the plugin interface, this module speaks " +
                    std::to_string(SAEF_ABI_MAJOR),
                reason, reason_length);
      return SAEF_E_VERSION;
    }
    WriteText({}, reason, reason_length);
    *api = &kApi;
    return SAEF_DONE;
  });
}
