// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/host.h"

#include <algorithm>
#include <cstring>

namespace saef::plugin {

Host::Host(const saef_host* host) noexcept {
  if (host != nullptr) std::memcpy(&host_, host, std::min(host->size, sizeof(host_)));
  host_.size = sizeof(host_);
}

void Host::Log(bindings::LogLevel level, std::string_view text) const {
  if (host_.log != nullptr) {
    host_.log(host_.context, static_cast<std::int32_t>(level), text.data(), text.size());
  }
}

bool Host::IsRegisteredAe(std::string_view ae_id) const {
  return host_.is_registered_ae != nullptr &&
         host_.is_registered_ae(host_.context, ae_id.data(), ae_id.size()) == SAEF_YES;
}

bool Host::IsRegistreeCse(std::string_view cse_id) const {
  return host_.is_registree_cse != nullptr &&
         host_.is_registree_cse(host_.context, cse_id.data(), cse_id.size()) == SAEF_YES;
}

void Host::EndAssociation(saef_association association) const {
  if (host_.end_association != nullptr) host_.end_association(host_.context, association);
}

void Host::Retrieve(std::string_view to, saef_retrieve_done done, void* done_context) const {
  if (host_.retrieve != nullptr) {
    host_.retrieve(host_.context, to.data(), to.size(), done, done_context);
  }
}

}  // namespace saef::plugin
