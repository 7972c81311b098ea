// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/maf/key_source.h"

#include <cstring>
#include <utility>

#include "bindings/log.h"
#include "bindings/peek_identity.h"

namespace saef::maf {
namespace {

KeySource& SourceOf(saef_instance* instance) { return *reinterpret_cast<KeySource*>(instance); }

std::string_view TextOfIdentity(const std::uint8_t* identity, std::size_t length) {
  return length == 0 ? std::string_view()
                     : std::string_view(reinterpret_cast<const char*>(identity), length);
}

// ---- The table ----

std::int32_t ApiOpen(const saef_open_arguments*, saef_instance**, char*, std::size_t*) {
  return SAEF_E_ARGUMENT;
}
std::int32_t ApiClose(saef_instance*) { return SAEF_E_HANDLE; }
std::int32_t ApiLookup(saef_instance* instance, const std::uint8_t* identity, std::size_t length,
                       std::uint8_t* key, std::size_t* key_length) {
  return SourceOf(instance).Lookup(TextOfIdentity(identity, length), key, key_length);
}
std::int32_t ApiLookupAsync(saef_instance* instance, const std::uint8_t* identity,
                            std::size_t length, saef_lookup_callback callback, void* context,
                            saef_ticket* ticket) {
  return SourceOf(instance).LookupAsync(TextOfIdentity(identity, length), callback, context,
                                        ticket);
}
std::int32_t ApiLookupCancel(saef_instance* instance, saef_ticket ticket) {
  return SourceOf(instance).LookupCancel(ticket);
}
std::int32_t ApiLookupWait(saef_instance*, const std::uint8_t*, std::size_t, std::uint32_t,
                           std::uint8_t*, std::size_t*) {
  return SAEF_UNAVAILABLE;
}
std::int32_t ApiPeekIdentity(std::int32_t transport, const std::uint8_t* data, std::size_t length,
                             std::uint8_t* identity, std::size_t* identity_length) {
  return bindings::PeekIdentity(transport, {data, length}, identity, identity_length);
}
std::int32_t ApiAssociate(saef_instance*, const saef_peer*, saef_association* association) {
  *association = SAEF_NO_ASSOCIATION;
  return SAEF_NOT_MINE;
}
std::int32_t ApiDescribe(saef_instance*, saef_association, saef_association_description*) {
  return SAEF_E_HANDLE;
}
std::int32_t ApiAssignAeId(saef_instance*, saef_association, const char*, std::size_t) {
  return SAEF_E_HANDLE;
}
std::int32_t ApiWithdrawAeId(saef_instance*, const char*, std::size_t) { return SAEF_INVALID; }
std::int32_t ApiCheckOriginator(saef_instance*, saef_association, const saef_request*) {
  return SAEF_E_HANDLE;
}
std::int32_t ApiDissociate(saef_instance*, saef_association) { return SAEF_E_HANDLE; }
std::int32_t ApiStatistics(saef_instance*, saef_statistics*) { return SAEF_E_ARGUMENT; }
std::int32_t ApiProbe(saef_instance*, std::uint32_t, saef_probe_callback, void*) {
  return SAEF_E_ARGUMENT;
}
std::int32_t ApiVerifyPeer(saef_instance*, const saef_peer*) { return SAEF_NOT_MINE; }

saef_api MakeKeySourceApi() {
  saef_api api{};
  api.size = sizeof(api);
  api.abi_major = SAEF_ABI_MAJOR;
  api.abi_minor = SAEF_ABI_MINOR;
  api.open = ApiOpen;
  api.close = ApiClose;
  api.lookup = ApiLookup;
  api.lookup_async = ApiLookupAsync;
  api.lookup_cancel = ApiLookupCancel;
  api.lookup_wait = ApiLookupWait;
  api.peek_identity = ApiPeekIdentity;
  api.associate = ApiAssociate;
  api.describe = ApiDescribe;
  api.assign_ae_id = ApiAssignAeId;
  api.withdraw_ae_id = ApiWithdrawAeId;
  api.check_originator = ApiCheckOriginator;
  api.dissociate = ApiDissociate;
  api.statistics = ApiStatistics;
  api.probe = ApiProbe;
  api.verify_peer = ApiVerifyPeer;
  return api;
}

}  // namespace

bindings::PluginGate KeySource::gate() {
  static const saef_api api = MakeKeySourceApi();
  bindings::PluginGate gate;
  gate.api = &api;
  gate.instance = reinterpret_cast<saef_instance*>(this);
  return gate;
}

std::int32_t KeySource::KnowKmId(const onem2m::KmId& km_id, onem2m::Secret& key) {
  const Client* const client = clients_.Find(km_id.text());
  if (client == nullptr) return SAEF_UNKNOWN;
  if (!client->km.empty()) {
    auto km = client->km.Clone();
    if (!km) return SAEF_UNAVAILABLE;
    key = std::move(*km);
    return SAEF_KEY;
  }
  auto record = store_.Find(km_id.Canonical());
  if (!record) {
    log_(bindings::LogLevel::kError,
         "an enrolled client can't be read: " + record.error().message());
    return SAEF_UNAVAILABLE;
  }
  if (!*record) return SAEF_UNKNOWN;
  if ((*record)->expires <= onem2m::Now()) return SAEF_DENIED;
  key = std::move((*record)->km);
  return SAEF_KEY;
}

// TS-0003 8.x.3 step 1, 8.x.4: the FQDN tells KmId and KeId apart.
std::int32_t KeySource::Know(const onem2m::KeyIdentifier& identity, onem2m::Secret& key) {
  if (identity.fqdn() == maf_) return KnowKmId(identity, key);
  if (!fetcher_.IsOfMef(identity)) return SAEF_UNKNOWN;
  KmFetcher::Fetched fetched;
  const std::int32_t outcome = fetcher_.Find(identity, &fetched);
  if (outcome == SAEF_KEY) key = std::move(fetched.km);
  return outcome;
}

std::int32_t KeySource::Lookup(std::string_view identity, std::uint8_t* key,
                               std::size_t* key_length) {
  const auto parsed = onem2m::KeyIdentifier::Parse(identity);
  if (!parsed) return SAEF_INVALID;
  onem2m::Secret known;
  const std::int32_t outcome = Know(*parsed, known);
  if (outcome != SAEF_KEY) return outcome;
  const bool fits = known.size() <= *key_length;
  *key_length = known.size();
  if (!fits) return SAEF_E_BUFFER_TOO_SMALL;
  std::memcpy(key, known.data(), known.size());
  return SAEF_KEY;
}

std::int32_t KeySource::LookupAsync(std::string_view identity, saef_lookup_callback callback,
                                    void* context, saef_ticket* ticket) {
  const auto parsed = onem2m::KeyIdentifier::Parse(identity);
  if (!parsed) return SAEF_INVALID;
  onem2m::Secret known;
  const std::int32_t outcome = Know(*parsed, known);
  if (outcome != SAEF_PENDING) return outcome;
  try {
    return fetcher_.Fetch(
        *parsed,
        [callback, context](saef_ticket of, std::int32_t result) { callback(context, of, result); },
        ticket);
  } catch (const std::bad_alloc&) {
    return SAEF_UNAVAILABLE;
  }
}

std::int32_t KeySource::LookupCancel(saef_ticket ticket) {
  return fetcher_.Cancel(ticket) ? SAEF_DONE : SAEF_E_HANDLE;
}

}  // namespace saef::maf
