// SPDX-License-Identifier: GPL-3.0-or-later
//
// Mef: an M2M Enrolment Function (TS-0003 8.3.2): enrolment of End-Points, and the fetch of
// credentials by the MAFs, over CoAP/DTLS and HTTP/TLS, as mef.json says (docs/configuration.md;
// the interface is in docs/mef-interface.md).
//
//   auto started = Mef::Start("mef.json", log);
//
// Threads: it has its own; uris() may be called from any. The destructor ends all sessions and
// joins.
#ifndef SAEF_ROLES_MEF_MEF_H_
#define SAEF_ROLES_MEF_MEF_H_

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "bindings/log.h"
#include "bindings/server.h"
#include "roles/mef/configuration.h"
#include "roles/mef/enrolment_store.h"
#include "roles/mef/handler.h"
#include "roles/statistics/endpoint.h"

namespace saef::mef {

class Mef {
 public:
  // Or a sentence for a person: what is wrong with the configuration, the store, a listener.
  static std::variant<std::unique_ptr<Mef>, std::string> Start(const std::string& configuration,
                                                               bindings::Log log);
  ~Mef();
  Mef(const Mef&) = delete;
  Mef& operator=(const Mef&) = delete;

  // Where it listens, in the configuration's order, with real ports. The Enrolment Exchange URI is
  // this and "/en".
  const std::vector<std::string>& uris() const noexcept { return uris_; }
  // Where it tells its statistics, "http://127.0.0.1:43123/metrics"; empty: nowhere.
  std::string statistics_uri() const { return endpoint_ ? endpoint_->uri() : std::string(); }

 private:
  Mef(Configuration configuration, std::unique_ptr<EnrolmentStore> store, bindings::Log log);
  std::string StartServer(bool coap, const bindings::Log& log);  // empty: done
  std::string TellStatistics(const bindings::Log& log);          // empty: done
  statistics::Families Collect() const;                          // on the endpoint's thread
  std::string SetCertificate(bindings::ServerOptions& options) const;

  const Configuration configuration_;
  const std::unique_ptr<EnrolmentStore> store_;
  Handler handler_;
  std::vector<std::unique_ptr<bindings::Server>> servers_;
  std::vector<std::string> bindings_;  // one for each of servers_
  std::vector<std::string> uris_;
  std::unique_ptr<statistics::Endpoint> endpoint_;  // once servers_ are all there
};

}  // namespace saef::mef

#endif  // SAEF_ROLES_MEF_MEF_H_
