// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/resource_service.h"

#include <random>

#include "bindings/log.h"
#include "roles/cse/address.h"
#include "roles/cse/discovery.h"
#include "roles/cse/registration.h"
#include "roles/cse/representation.h"

namespace saef::cse {
namespace {

using onem2m::Operation;
using onem2m::RequestPrimitive;
using onem2m::ResourceType;
using onem2m::Time;
using enum onem2m::ResponseStatusCode;

// "C" and 64 random bits: also after a restart no AE gets an identifier that another one had.
std::string RandomStem() {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::random_device random;
  std::string stem = "C";
  for (int i = 0; i < 2; ++i) {
    std::uint32_t bits = random();
    for (int j = 0; j < 8; ++j, bits >>= 4) {
      stem += kDigits[bits & 15];
    }
  }
  return stem;
}

Refusal NoPrivilege() {
  return Refuse(kOriginatorHasNoPrivilege, "From may not do that with this resource");
}

// TS-0001 9.6.3, 9.6.19: where the service subscription's resources stand.
bool MayHold(ResourceType parent, ResourceType child) {
  if (IsSubscription(child)) {
    return parent == (child == ResourceType::kServiceSubscribedNode
                          ? ResourceType::kM2mServiceSubscriptionProfile
                          : ResourceType::kCseBase);
  }
  if (child == ResourceType::kContainer) {
    return parent == ResourceType::kAe || parent == ResourceType::kRemoteCse ||
           parent == ResourceType::kContainer;
  }
  return child == ResourceType::kContentInstance && parent == ResourceType::kContainer;
}

// A <serviceSubscribedNode>: TS-0004 7.4.20.2.1 and 7.4.20.2.3, ruleLinks only with a CSE-ID.
std::optional<Refusal> CheckNode(const Attributes& given, const Attributes& whole) {
  const bool linked = given.Find("rlk") != nullptr;
  const std::string csi = whole.Text("csi");
  if (csi.empty()) {
    return linked ? std::optional(Refuse(kBadRequest, "rlk needs csi")) : std::nullopt;
  }
  const onem2m::Originator named = onem2m::ParseOriginator(csi);
  if (named.form != onem2m::OriginatorForm::kSpRelative &&
      named.form != onem2m::OriginatorForm::kAbsolute) {
    return Refuse(kBadRequest, "csi must be a CSE-ID such as /cse2");
  }
  return std::nullopt;
}

bool EndsInVirtualChild(const std::vector<std::string_view>& path) {
  return !path.empty() && (path.back() == "la" || path.back() == "ol");
}

}  // namespace

ResourceService::ResourceService(onem2m::CseId self, std::string base_name, Limits limits,
                                 Clock clock, Policy policy)
    : clock_(std::move(clock)),
      policy_(std::move(policy)),
      tree_(std::move(self), std::move(base_name), limits, clock_()) {
  tree_.base().attributes.Set("cst", static_cast<std::int64_t>(policy_.type));
}

Answer ResourceService::Handle(const RequestPrimitive& request, const Peer& peer) {
  MutexLock lock(mutex_);
  Settle();
  Outcome<Result> result = Dispatch(request, peer);
  Settle();
  if (!result) {
    return {onem2m::RespondWithText(request, result.error().status, result.error().text), {}};
  }
  Answer answer{onem2m::RespondTo(request, result->status), std::move(result->registered_ae)};
  answer.response.content = std::move(result->content);
  answer.response.location = std::move(result->location);
  return answer;
}

Outcome<ResourceService::Result> ResourceService::Dispatch(const RequestPrimitive& request,
                                                           const Peer& peer) {
  if (request.operation == Operation::kNotify) {
    return Refuse(kOperationNotAllowed, "nothing here takes a NOTIFY");
  }
  if (!request.content.empty() && request.content_format != onem2m::ContentFormat::kJson &&
      request.content_format != onem2m::ContentFormat::kResponseJson) {
    return Refuse(kUnsupportedMediaType, "content must be JSON");
  }
  const Outcome<Query> query = ReadQuery(request.operation, request.query);
  if (!query) {
    return query.error();
  }
  const Outcome<std::vector<std::string_view>> path = ReadAddress(request.to, tree_.self());
  if (!path) {
    return path.error();
  }
  Resource* const target = tree_.Find(*path);
  if (target == nullptr) {
    return Refuse(kNotFound, "there is no resource " + bindings::Quote(request.to));
  }
  if (request.operation == Operation::kCreate && !EndsInVirtualChild(*path)) {
    return Create(request, peer, *query, *target);
  }

  const Outcome<Requester> originator = Identify(tree_, request.from, peer, policy_);
  if (!originator) {
    return originator.error();
  }
  if (target->type == ResourceType::kCseBase && request.operation != Operation::kRetrieve) {
    return Refuse(kOperationNotAllowed, "CSEBase is this CSE's own");
  }
  if (!MayAccess(tree_, *target, *originator, request.operation)) {
    return NoPrivilege();
  }
  switch (request.operation) {
    case Operation::kRetrieve:
      return Retrieve(*query, *target, *originator);
    case Operation::kUpdate:
      return EndsInVirtualChild(*path)
                 ? Outcome<Result>(Refuse(kOperationNotAllowed, "la and ol can't be updated"))
                 : Update(request, *query, *target);
    case Operation::kDelete:
      return Delete(*query, *target);
    default:
      return Refuse(kOperationNotAllowed, "la and ol hold nothing");
  }
}

Outcome<ResourceService::Result> ResourceService::Create(const RequestPrimitive& request,
                                                         const Peer& peer, const Query& query,
                                                         Resource& parent) {
  if (!request.resource_type) {
    return Refuse(kBadRequest, "a CREATE needs a Resource Type (ty)");
  }
  if (!IsOffered(*request.resource_type)) {
    return Refuse(kNotImplemented, "resource type " + std::to_string(*request.resource_type) +
                                       " can't be created here; 2, 3, 4, 11, 16, 19 and 20 can");
  }
  const auto type = static_cast<ResourceType>(*request.resource_type);
  if (type == ResourceType::kAe || type == ResourceType::kRemoteCse) {
    if (parent.type != ResourceType::kCseBase) {
      return Refuse(kOperationNotAllowed, "registrations are made at CSEBase");
    }
    return type == ResourceType::kAe ? RegisterAe(request, peer, query)
                                     : RegisterCse(request, peer, query);
  }

  const Outcome<Requester> originator = Identify(tree_, request.from, peer, policy_);
  if (!originator) {
    return originator.error();
  }
  if (IsSubscription(type) ? !originator->administrator
                           : !MayAccess(tree_, parent, *originator, Operation::kCreate)) {
    return NoPrivilege();
  }
  // TS-0004 7.3.3.3: types that only an IN-CSE has.
  if (!MayHold(parent.type, type) || (IsSubscription(type) && policy_.type != CseType::kIn)) {
    return Refuse(kOperationNotAllowed, std::string(RootName(parent.type)) + " can't hold " +
                                            std::string(RootName(type)) + " here");
  }
  Outcome<NewResource> resource = ReadNew(request, type);
  if (resource && type == ResourceType::kServiceSubscribedNode) {
    if (std::optional<Refusal> refusal = CheckNode(resource->attributes, resource->attributes)) {
      return *std::move(refusal);
    }
  }
  return resource ? Add(parent, *std::move(resource), query) : Outcome<Result>(resource.error());
}

Outcome<ResourceService::Result> ResourceService::RegisterAe(const RequestPrimitive& request,
                                                             const Peer& peer, const Query& query) {
  const Outcome<std::optional<std::string>> chosen = ChooseAeId(request.from, peer, tree_.self());
  if (!chosen) {
    return chosen.error();
  }
  std::string stem = chosen->value_or("");
  while (!*chosen && (stem.empty() || !tree_.IsFreeId(stem) || unusable_stems_.contains(stem))) {
    stem = RandomStem();
  }
  // TS-0004 7.4.5.2.1: an originator that is registered registers no second time.
  if (tree_.FindById(stem) != nullptr || unusable_stems_.contains(stem)) {
    return Refuse(kOriginatorHasAlreadyRegistered, stem + " is registered already");
  }
  const onem2m::Result<onem2m::AeId> ae_id = onem2m::AeId::Parse(stem, tree_.self());
  if (!ae_id) {
    return Refuse(kBadRequest, "From is no AE-ID-Stem: " + ae_id.error().message());
  }
  // Else the first comer with any credential, or none, would become the administrator.
  if (peer.kind != PeerKind::kAe && peer.kind != PeerKind::kAeList &&
      policy_.administrators.contains(ae_id->Absolute())) {
    return Refuse(kAppRuleValidationFailed,
                  "an administrator's AE-ID is taken from what its association tells only");
  }
  Outcome<NewResource> resource = ReadNew(request, ResourceType::kAe);
  if (!resource) {
    return resource.error();
  }
  resource->id = stem;
  resource->attributes.Set("aei", stem);
  resource->entity_id = ae_id->Absolute();
  resource->secured = peer.kind != PeerKind::kNone;
  resource->credential_id = peer.credential_id;
  Outcome<Result> result = Add(tree_.base(), *std::move(resource), query);
  if (result) {
    result->registered_ae = stem;
  }
  return result;
}

Outcome<ResourceService::Result> ResourceService::RegisterCse(const RequestPrimitive& request,
                                                              const Peer& peer,
                                                              const Query& query) {
  Outcome<NewResource> resource = ReadNew(request, ResourceType::kRemoteCse);
  if (!resource) {
    return resource.error();
  }
  const Outcome<onem2m::CseId> id =
      ChooseCseId(request.from, resource->attributes.Text("csi"), peer, tree_.self());
  if (!id) {
    return id.error();
  }
  if (tree_.FindRemoteCse(id->Absolute()) != nullptr || id->Absolute() == registrar_) {
    return Refuse(kOriginatorHasAlreadyRegistered, id->Absolute() + " is registered already");
  }
  resource->entity_id = id->Absolute();
  resource->secured = peer.kind != PeerKind::kNone;
  resource->credential_id = peer.credential_id;
  return Add(tree_.base(), *std::move(resource), query);
}

Outcome<NewResource> ResourceService::ReadNew(const RequestPrimitive& request, ResourceType type) {
  Outcome<Content> content = ReadCreate(request.content, type, tree_.limits());
  if (!content) {
    return content.error();
  }
  const Outcome<Time> expires = Expiry(content->expires);
  if (!expires) {
    return expires.error();
  }
  NewResource resource;
  resource.type = type;
  resource.name = content->name.value_or("");
  resource.expires = *expires;
  resource.attributes = std::move(content->attributes);
  return resource;
}

Outcome<Time> ResourceService::Expiry(const std::optional<Time>& wish) {
  const Time now = clock_();
  if (wish && *wish <= now) {
    return Refuse(kBadRequest, "et must lie in the future");
  }
  return std::min(wish.value_or(now + tree_.limits().lifetime), now + tree_.limits().max_lifetime);
}

Outcome<ResourceService::Result> ResourceService::Add(Resource& parent, NewResource resource,
                                                      const Query& query) {
  const Outcome<Resource*> added = tree_.Add(parent, std::move(resource), clock_());
  if (!added) {
    return added.error();
  }
  Result result{kCreated, {}, tree_.Path(**added), {}};
  switch (query.result) {
    case ResultContent::kAttributes:
      result.content = WriteResource(**added, nullptr);
      break;
    case ResultContent::kAddress:
      result.content = WriteAddress(*result.location);
      break;
    case ResultContent::kAddressAndAttributes:
      result.content = WriteAddressAndResource(*result.location, **added);
      break;
    default:
      break;
  }
  return result;
}

Outcome<ResourceService::Result> ResourceService::Retrieve(const Query& query, Resource& target,
                                                           const Requester& originator) {
  if (!query.discovery && query.result == ResultContent::kAttributes) {
    return Result{kOk, WriteResource(target, nullptr), {}, {}};
  }
  const Outcome<std::vector<Resource*>> found =
      Discover(target, originator, query, tree_.limits().max_results);
  if (!found) {
    return found.error();
  }
  switch (query.result) {
    case ResultContent::kAttributesAndChildReferences:
      return Result{kOk, WriteResource(target, &*found), {}, {}};
    case ResultContent::kChildReferences:
      return Result{kOk, WriteReferences(*found, tree_, query.unstructured), {}, {}};
    default:
      return Result{kOk, WriteAddresses(*found, tree_, query.unstructured), {}, {}};
  }
}

Outcome<ResourceService::Result> ResourceService::Update(const RequestPrimitive& request,
                                                         const Query& query, Resource& target) {
  if (target.type == ResourceType::kContentInstance) {
    return Refuse(kOperationNotAllowed, "a contentInstance never changes");
  }
  Outcome<Content> content = ReadUpdate(request.content, target.type, tree_.limits());
  if (!content) {
    return content.error();
  }
  if (content->expires) {
    const Outcome<Time> expires = Expiry(content->expires);
    if (!expires) {
      return expires.error();
    }
    content->expires = *expires;
  }
  if (target.type == ResourceType::kServiceSubscribedNode) {
    if (std::optional<Refusal> refusal = CheckNode(content->attributes, target.attributes)) {
      return *std::move(refusal);
    }
  }
  const Outcome<void> updated = tree_.Update(target, *content, clock_());
  if (!updated) {
    return updated.error();
  }
  return Result{
      kUpdated,
      query.result == ResultContent::kAttributes ? WriteResource(target, nullptr) : std::string(),
      {},
      {}};
}

Outcome<ResourceService::Result> ResourceService::Delete(const Query& query, Resource& target) {
  Result result{kDeleted, {}, {}, {}};
  if (query.result == ResultContent::kAttributes) {
    result.content = WriteResource(target, nullptr);
  }
  tree_.Remove(target);
  return result;
}

void ResourceService::Settle() {
  tree_.Expire(clock_());
  for (std::string& stem : tree_.TakeRemovedAes()) {
    unusable_stems_.insert(stem);
    removed_aes_.push_back(std::move(stem));
  }
}

bool ResourceService::IsRegisteredAe(std::string_view stem) {
  MutexLock lock(mutex_);
  Settle();
  const Resource* found = tree_.FindById(stem);
  return found != nullptr && found->type == ResourceType::kAe;
}

bool ResourceService::IsRegisteredCse(std::string_view cse_id) {
  MutexLock lock(mutex_);
  Settle();
  const onem2m::Result<onem2m::CseId> id = onem2m::CseId::Parse(cse_id, tree_.self().sp());
  return id && id->Absolute() != registrar_ && tree_.FindRemoteCse(id->Absolute()) != nullptr;
}

void ResourceService::Deregister(std::string_view stem) {
  MutexLock lock(mutex_);
  Resource* found = tree_.FindById(stem);
  if (found != nullptr && found->type == ResourceType::kAe) {
    tree_.Remove(*found);
  }
  Settle();
}

void ResourceService::Sweep() {
  MutexLock lock(mutex_);
  Settle();
}

std::vector<std::string> ResourceService::TakeRemovedAes() {
  MutexLock lock(mutex_);
  return std::exchange(removed_aes_, {});
}

void ResourceService::ForgetRemovedAes(const std::vector<std::string>& stems) {
  MutexLock lock(mutex_);
  for (const std::string& stem : stems) {
    unusable_stems_.erase(stem);
  }
}

void ResourceService::SetPointsOfAccess(std::vector<std::string> uris) {
  MutexLock lock(mutex_);
  tree_.base().attributes.Set("poa", std::move(uris));
}

std::size_t ResourceService::resources() {
  MutexLock lock(mutex_);
  Settle();
  return tree_.size();
}

}  // namespace saef::cse
