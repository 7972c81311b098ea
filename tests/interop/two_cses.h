// SPDX-License-Identifier: GPL-3.0-or-later
//
// TwoCses: an IN-CSE //sp.example.com/in and an MN-CSE //sp.example.com/mn, each with saef.so, that
// get their keys from one MAF; on real sockets, with keys and configurations in a folder of their
// own. MN registers with IN; IN has a link to MN for what goes down. Links run over CoAP or HTTP.
//
// At the MAF: in@…, mn@… are the two CSEs; mn2@… is the CSE //sp.example.com/mn2; ain@…, amn@… and
// adm@… are the AEs //sp.example.com/in/Cain, //sp.example.com/mn/Camn, //sp.example.com/in/Cadm,
// the last one being IN's administrator; bmn@… is //sp.example.com/mn/Cbmn.
#ifndef SAEF_TESTS_INTEROP_TWO_CSES_H_
#define SAEF_TESTS_INTEROP_TWO_CSES_H_

#include <array>
#include <memory>
#include <string>

#include "onem2m/test_folder.h"
#include "roles/cse/cse.h"
#include "roles/entity-a/entity_a.h"
#include "roles/log_book.h"
#include "roles/maf/maf.h"
#include "tests/interop/parties.h"

namespace saef::interop_test {

struct TwoCsesOptions {
  std::string link_scheme = "coaps";
  int link_key_seconds = 3600;  // the life of the links' keys
  std::string mn_rules = {};    // a member for MN's saef.json, with a comma in front
};

class TwoCses {
 public:
  // Throws std::runtime_error with the reason where one of them doesn't start.
  explicit TwoCses(TwoCsesOptions options = {});

  cse::Cse& in() { return *in_; }
  cse::Cse& mn() { return *mn_; }
  void StopIn() { in_.reset(); }
  // Where it was, with nothing in its tree.
  void StartIn();
  void StartMn();

  // Waits until MN is registered with IN; throws where that takes too long.
  void WaitForRegistration();
  // Entity A with the credential `name`, towards "in" or "mn".
  std::unique_ptr<entity_a::EntityA> Entity(const std::string& name, const std::string& cse,
                                            const std::string& scheme = "coaps") const;

 private:
  std::string WriteEntity(const std::string& name, const std::string& cse, const std::string& uri,
                          const std::string& more) const;
  std::string UriOf(const cse::Cse& cse, const std::string& scheme) const;

  const TwoCsesOptions options_;
  std::array<roles::testing::LogBook, 3> logs_;  // of the MAF, IN and MN; they outlive these
  onem2m::TestFolder folder_;
  std::unique_ptr<maf::Maf> maf_;
  std::string in_listen_;
  std::unique_ptr<cse::Cse> in_;
  std::unique_ptr<cse::Cse> mn_;
};

}  // namespace saef::interop_test

#endif  // SAEF_TESTS_INTEROP_TWO_CSES_H_
