// SPDX-License-Identifier: GPL-3.0-or-later
//
// FakePlugin: a saef_api of the test's own, without a module, for tests of what stands behind the
// gate. The functions that handshakes need are null. One at a time in a process: its functions find
// it through a global.
#ifndef SAEF_ROLES_CSE_FAKE_PLUGIN_H_
#define SAEF_ROLES_CSE_FAKE_PLUGIN_H_

#include <cstring>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "saef/plugin.h"

namespace saef::cse::test {

class FakePlugin {
 public:
  struct Entity {
    int32_t kind;
    std::string entity_id;
    std::string credential_id;
    std::string allowed_ids;
  };

  FakePlugin() {
    current_ = this;
    api_.size = sizeof(api_);
    api_.abi_major = SAEF_ABI_MAJOR;
    api_.check_originator = [](saef_instance*, saef_association association,
                               const saef_request* request) {
      return current_->check(association, *request);
    };
    api_.describe = [](saef_instance*, saef_association association,
                       saef_association_description* description) {
      return current_->Describe(association, *description);
    };
    api_.assign_ae_id = [](saef_instance*, saef_association association, const char* id,
                           size_t length) {
      current_->assigned.emplace_back(association, std::string(id, length));
      return current_->assign_result;
    };
    api_.withdraw_ae_id = [](saef_instance*, const char* id, size_t length) -> int32_t {
      current_->withdrawn.emplace_back(id, length);
      return SAEF_DONE;
    };
  }
  ~FakePlugin() { current_ = nullptr; }
  FakePlugin(const FakePlugin&) = delete;
  FakePlugin& operator=(const FakePlugin&) = delete;

  const saef_api* api() const { return &api_; }
  saef_instance* instance() const { return nullptr; }
  void Know(saef_association association, int32_t kind, std::string entity_id,
            std::string credential_id, std::string allowed_ids = {}) {
    entities_[association] = {kind, std::move(entity_id), std::move(credential_id),
                              std::move(allowed_ids)};
  }

  std::function<int32_t(saef_association, const saef_request&)> check =
      [](saef_association, const saef_request&) { return 2000; };
  int32_t assign_result = SAEF_DONE;
  std::vector<std::pair<saef_association, std::string>> assigned;
  std::vector<std::string> withdrawn;
  std::set<saef_association> ended;

 private:
  static bool Put(const std::string& text, char* buffer, size_t& length) {
    const bool fits = text.size() <= length;
    if (fits) {
      std::memcpy(buffer, text.data(), text.size());
    }
    length = text.size();
    return fits;
  }

  int32_t Describe(saef_association association, saef_association_description& description) {
    const auto found = entities_.find(association);
    if (found == entities_.end()) {
      return SAEF_E_HANDLE;
    }
    const Entity& entity = found->second;
    description.kind = entity.kind;
    const bool fit_id = Put(entity.entity_id, description.entity_id, description.entity_id_length);
    const bool fit_credential =
        Put(entity.credential_id, description.credential_id, description.credential_id_length);
    const bool fit_allowed =
        Put(entity.allowed_ids, description.allowed_ids, description.allowed_ids_length);
    if (!fit_id || !fit_credential || !fit_allowed) {
      return SAEF_E_BUFFER_TOO_SMALL;
    }
    return ended.contains(association) ? SAEF_DENIED : SAEF_DONE;
  }

  inline static FakePlugin* current_ = nullptr;
  saef_api api_ = {};
  std::map<saef_association, Entity> entities_;
};

}  // namespace saef::cse::test

#endif  // SAEF_ROLES_CSE_FAKE_PLUGIN_H_
