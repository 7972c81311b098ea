// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/maf.h"

#include <string>
#include <utility>

#include "end-point/enrolling_client.h"
#include "onem2m/maf_interface.h"
#include "onem2m/suid.h"
#include "plugin/key_retrieval_check.h"

namespace saef::plugin {

bindings::Result<std::unique_ptr<KeyIssuer>> Maf::Make(const MafConfiguration& configuration,
                                                       const onem2m::CseId& own,
                                                       std::chrono::milliseconds timeout,
                                                       bindings::Log log) {
  auto credential = end_point::Clone(configuration.credential);
  if (!credential) return credential.error();
  auto access = std::make_shared<end_point::MafAccess>(
      end_point::MafAccess::Options{.maf = configuration.fqdn,
                                    .credential = std::move(*credential),
                                    .originator = own.SpRelative(),
                                    .timeout = timeout,
                                    .log = std::move(log)});
  return std::unique_ptr<KeyIssuer>(new Maf(configuration, own, std::move(access)));
}

bindings::Result<std::unique_ptr<bindings::Client>> Maf::OpenSession(
    bindings::ClientOptions options) {
  if (configuration_.key_retrieval) options.uri = *configuration_.key_retrieval;
  options.max_content_length = onem2m::maf::kMaxContentLength;
  return end_point::OpenMafClient(access_, std::move(options));
}

end_point::Outcome<std::unique_ptr<bindings::Client>> Maf::OpenNow(
    bindings::ClientOptions options) {
  // Through the same client, which knows where the MAF is if an enrolment tells it.
  const auto ensured = access_->Ensure();
  if (!ensured) return ensured.error();
  auto opened = OpenSession(std::move(options));
  if (!opened) {
    return end_point::MakeFailure(end_point::Party::kMaf, opened.error(), "opening a client");
  }
  return std::move(*opened);
}

// TS-0003 8.x.6 step 2: SUID and KcId, to the Key Retrieval URI.
onem2m::Result<onem2m::RequestPrimitive> Maf::MakeRequest(const PskIdentity& identity) const {
  onem2m::RequestPrimitive request;
  request.operation = onem2m::Operation::kRetrieve;
  request.to = identity.relative();
  if (configuration_.key_retrieval) {
    request.to = configuration_.key_retrieval->path.substr(1) + "/" + request.to;
  }
  request.from = own_.SpRelative();
  request.release_version = "3";
  request.query = {{"suid", std::to_string(static_cast<int>(onem2m::Suid::kMafSaef))},
                   {"kcid", std::string(identity.as_sent())}};
  return request;
}

FetchAnswer Maf::Check(onem2m::ResponsePrimitive& response, const PskIdentity& /*identity*/) const {
  return CheckKeyRetrieval(response, {configuration_.fqdn, own_, Clock::now(), onem2m::Now()});
}

}  // namespace saef::plugin
