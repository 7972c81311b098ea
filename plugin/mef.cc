// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/mef.h"

#include <utility>

#include "plugin/credential_fetch_check.h"

namespace saef::plugin {

bindings::Result<std::unique_ptr<bindings::Client>> Mef::OpenSession(
    bindings::ClientOptions options) {
  return end_point::OpenMefClient(access_, std::move(options));
}

end_point::Outcome<std::unique_ptr<bindings::Client>> Mef::OpenNow(
    bindings::ClientOptions options) {
  auto opened = OpenSession(std::move(options));
  if (!opened) {
    return end_point::MakeFailure(end_point::Party::kMef, opened.error(), "opening a client");
  }
  return std::move(*opened);
}

onem2m::Result<onem2m::RequestPrimitive> Mef::MakeRequest(const PskIdentity& identity) const {
  const auto ke_id = onem2m::KeId::Parse(identity.as_sent());
  if (!ke_id) return ke_id.error();
  return end_point::MakeFetchRequest(access_, *ke_id, onem2m::Suid::kRspfSaef, own_.Absolute());
}

FetchAnswer Mef::Check(onem2m::ResponsePrimitive& response, const PskIdentity& identity) const {
  return CheckCredentialFetch(response, {identity, own_, Clock::now()});
}

}  // namespace saef::plugin
