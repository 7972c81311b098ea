// SPDX-License-Identifier: GPL-3.0-or-later
//
// Parties: a MAF and a CSE that has loaded saef.so, on real sockets at free ports, with keys and
// configurations in a folder of their own. Entity A is whoever a test likes.
//
// At the MAF: cse1@… is the CSE //sp.example.com/cse1; ae1@… is the AE //sp.example.com/cse1/Cae1;
// ae2@… is an AE that the MAF knows by its credential only; cse2@… is the CSE
// //sp.example.com/cse2. The AEs and cse2 may register keys for cse1 and cse3.
#ifndef SAEF_TESTS_INTEROP_PARTIES_H_
#define SAEF_TESTS_INTEROP_PARTIES_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "bindings/client.h"
#include "onem2m/primitive.h"
#include "onem2m/secret.h"
#include "onem2m/test_folder.h"
#include "onem2m/timestamp.h"
#include "roles/cse/cse.h"
#include "roles/entity-a/entity_a.h"
#include "roles/maf/maf.h"

namespace saef::interop_test {

inline constexpr const char* kCse1 = "//sp.example.com/cse1";
inline constexpr const char* kCse3 = "//sp.example.com/cse3";
// Of the CSE's listeners with an association.
inline constexpr const char* kSecureSchemes[] = {"coaps", "https"};

// A registered Kc.
struct Key {
  std::string kc_id;
  onem2m::Secret kc;
  onem2m::Time expires{};

  std::string hex() const { return kc.ToHex(); }
};

struct KeyWish {
  std::string client = "ae1";
  std::string target = kCse1;
  std::optional<std::string> kc = std::nullopt;  // self-generated; none: exported from the session
  std::optional<std::chrono::seconds> lifetime = std::nullopt;
};

struct PartiesOptions {
  std::chrono::milliseconds maf_delay{0};
  std::string refusal = "alert";
  std::string maf_scheme = "coaps";
  // Members of maf.json, saef.json and cse.json, each with a comma in front.
  std::string maf_more = {};
  std::string plugin_more = {};
  std::string cse_more = {};
};

class Parties {
 public:
  // Throws std::runtime_error with the reason where one of them doesn't start.
  explicit Parties(const PartiesOptions& options = {});

  // Registers a key with the MAF as `wish.client`; throws where that fails.
  Key Register(const KeyWish& wish = {}) const;
  // Takes it back at the MAF; the status of the answer.
  int Deregister(const Key& key, const std::string& client = "ae1") const;
  void StopMaf() { maf_.reset(); }
  // Where it was, with the keys that it has stored; `but` is its client no more.
  void StartMaf(const std::string& but = {});

  cse::Cse& cse() { return *cse_; }
  maf::Maf& maf() { return *maf_; }
  // "coaps://127.0.0.1:43123", by scheme; and its port.
  std::string uri(std::string_view scheme) const;
  std::string port(std::string_view scheme) const;
  // A client of ours for the CSE. Without a key for the schemes in the clear.
  std::unique_ptr<bindings::Client> Open(std::string_view scheme, const Key* key) const;
  std::unique_ptr<bindings::Client> OpenAs(std::string_view scheme, std::string identity,
                                           const onem2m::Secret& kc) const;

 private:
  std::unique_ptr<bindings::Client> OpenMaf(const std::string& client) const;
  void WriteKeys() const;

  const PartiesOptions options_;
  onem2m::TestFolder folder_;
  std::string maf_uri_;
  std::unique_ptr<maf::Maf> maf_;
  std::unique_ptr<cse::Cse> cse_;
};

// The same client as a moment ago asks for something; the status, or 0 where no answer came.
int Ask(bindings::Client& client, onem2m::RequestPrimitive request,
        onem2m::ResponsePrimitive* response = nullptr);
// The same of an Entity A, which gives the request an identifier of its own.
int Status(entity_a::EntityA& entity, onem2m::RequestPrimitive request,
           onem2m::ResponsePrimitive* response = nullptr);

// Tries until it is so; generously. Whether it came to be.
bool Eventually(const std::function<bool()>& condition);

// What was started; or throws std::runtime_error with the reason why it wasn't.
template <typename T>
T Started(std::variant<T, std::string> started) {
  if (const auto* error = std::get_if<std::string>(&started)) {
    throw std::runtime_error(*error);
  }
  return std::move(std::get<T>(started));
}

}  // namespace saef::interop_test

#endif  // SAEF_TESTS_INTEROP_PARTIES_H_
