// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/remote_cses.h"

#include <algorithm>
#include <utility>

namespace saef::cse {
namespace {

// What is wrong with an entity.json for a link between CSEs.
std::optional<std::string> FaultOf(const entity_a::Configuration& entity, const onem2m::CseId& self,
                                   const std::vector<std::unique_ptr<Link>>& links) {
  if (entity.originator != self.SpRelative() || entity.entity_id != self.Absolute()) {
    return R"(/entityId must be ")" + self.Absolute() + R"(", with "entityType": "CSE")";
  }
  if (entity.cse_id == self) {
    return std::string("/cse/id is this CSE's own");
  }
  if (std::any_of(links.begin(), links.end(),
                  [&](const auto& link) { return link->cse() == entity.cse_id; })) {
    return "/cse/id: there is another link to " + entity.cse_id.Absolute();
  }
  return std::nullopt;
}

}  // namespace

std::variant<std::unique_ptr<RemoteCses>, std::string> RemoteCses::Open(
    const Configuration& configuration, Forwarder& forwarder, const bindings::Log& log) {
  std::unique_ptr<RemoteCses> remote_cses(new RemoteCses(log));
  for (const RemoteCseConfiguration& remote : configuration.remote_cses) {
    auto opened = entity_a::EntityA::Open(remote.entity, log);
    if (auto* error = std::get_if<std::string>(&opened)) {
      return std::move(*error);
    }
    auto& entity = std::get<std::unique_ptr<entity_a::EntityA>>(opened);
    if (const auto fault =
            FaultOf(entity->configuration(), configuration.id, remote_cses->links_)) {
      return remote.entity + ": " + *fault;
    }
    auto link = std::make_unique<Link>(std::move(entity), LinkOptions{}, log);
    forwarder.AddHop(*link, remote.is_registrar);
    if (remote.is_registrar) {
      remote_cses->registrar_ = link.get();
      remote_cses->refresh_ = remote.refresh;
    }
    remote_cses->links_.push_back(std::move(link));
  }
  return remote_cses;
}

RemoteCses::~RemoteCses() { Stop(); }

void RemoteCses::Start(const Configuration& configuration, ResourceService& service,
                       std::vector<std::string> points_of_access) {
  if (registrar_ == nullptr) {
    return;
  }
  RegistrantOptions options{configuration.id, configuration.resource_name,
                            configuration.policy.type, std::move(points_of_access), refresh_};
  registrant_ = std::make_unique<Registrant>(*registrar_, service, std::move(options), log_);
}

void RemoteCses::Check() {
  if (registrant_) {
    registrant_->Check();
  }
}

void RemoteCses::Stop() {
  for (const auto& link : links_) {
    link->Stop();
  }
  registrant_.reset();
}

bool RemoteCses::registered() const { return registrant_ && registrant_->registered(); }

}  // namespace saef::cse
