// SPDX-License-Identifier: GPL-3.0-or-later
//
// CseWithSaef: the CSE //sp.example.com/cse1 with saef.so, over coaps and https on free ports, with
// whatever saef.json a test gives it; and Entity A towards it, with whatever credential.
#ifndef SAEF_TESTS_INTEROP_CSE_WITH_SAEF_H_
#define SAEF_TESTS_INTEROP_CSE_WITH_SAEF_H_

#include <memory>
#include <string>

#include "roles/cse/cse.h"
#include "roles/entity-a/entity_a.h"
#include "roles/log_book.h"
#include "tests/interop/parties.h"

namespace saef::interop_test {

class CseWithSaef {
 public:
  // Configurations are written into `folder`, and the files that they name are found there.
  explicit CseWithSaef(std::string folder) : folder_(std::move(folder)) {}

  // `saef`: the members of saef.json but `cse`; `more`: members of cse.json, with a comma in front.
  // Throws std::runtime_error with the reason where it doesn't start.
  void StartCse(const std::string& saef, const std::string& more = {});
  // Entity A with these members of entity.json ("credential", "maf", "entityId"), towards the CSE
  // that it takes for `cse_id`.
  std::unique_ptr<entity_a::EntityA> Entity(const std::string& scheme, const std::string& members,
                                            const std::string& cse_id = kCse1) const;
  std::string Uri(const std::string& scheme) const;

  roles::testing::LogBook cse_log;  // since it was started last
  std::unique_ptr<cse::Cse> cse;

 private:
  std::string WriteFile(const std::string& name, const std::string& text) const;

  const std::string folder_;
};

}  // namespace saef::interop_test

#endif  // SAEF_TESTS_INTEROP_CSE_WITH_SAEF_H_
