// SPDX-License-Identifier: GPL-3.0-or-later
//
// Maf: an M2M Authentication Function (TS-0003 8.2.2.3, 8.x): Key Registration and Key Retrieval
// over CoAP/DTLS and HTTP/TLS, with the clients, the keys' lifetimes and the store of maf.json
// (docs/configuration.md; the interface is in docs/maf-interface.md).
//
//   auto started = Maf::Start("maf.json", log);
//
// Threads: it has its own; uris() may be called from any. The destructor ends all sessions and
// joins.
#ifndef SAEF_ROLES_MAF_MAF_H_
#define SAEF_ROLES_MAF_MAF_H_

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "bindings/log.h"
#include "bindings/server.h"
#include "onem2m/thread_annotations.h"
#include "roles/maf/configuration.h"
#include "roles/maf/handler.h"
#include "roles/maf/remote_provisioning.h"
#include "roles/maf/sqlite_key_store.h"
#include "roles/statistics/endpoint.h"

namespace saef::maf {

class Maf {
 public:
  // Or a sentence for a person: what is wrong with the configuration, the store, a listener.
  static std::variant<std::unique_ptr<Maf>, std::string> Start(const std::string& configuration,
                                                               bindings::Log log);
  ~Maf();
  Maf(const Maf&) = delete;
  Maf& operator=(const Maf&) = delete;

  // Where it listens, in the configuration's order, with real ports: "coaps://127.0.0.1:43123". Key
  // Registration and Key Retrieval URIs are this and "/kr".
  const std::vector<std::string>& uris() const noexcept { return uris_; }
  // Where it tells its statistics, "http://127.0.0.1:43123/metrics"; empty: nowhere.
  std::string statistics_uri() const { return endpoint_ ? endpoint_->uri() : std::string(); }

 private:
  Maf(std::unique_ptr<const Configuration> configuration, std::unique_ptr<SqliteKeyStore> store,
      std::unique_ptr<RemoteProvisioning> remote, bindings::Log log);
  std::string Listen(const bindings::Log& log);  // empty: done
  std::string StartServer(bool coap, const bindings::Log& log) SAEF_EXCLUDES(mutex_);
  void TellObservers(std::string_view path) SAEF_EXCLUDES(mutex_);
  std::string TellStatistics(const bindings::Log& log);  // empty: done
  // On the endpoint's thread.
  statistics::Families Collect() SAEF_EXCLUDES(mutex_);

  const std::unique_ptr<const Configuration> owned_configuration_;
  const Configuration& configuration_;
  const std::unique_ptr<SqliteKeyStore> store_;
  const std::unique_ptr<RemoteProvisioning> remote_;  // null: no MEF is configured
  Handler handler_;
  // The handler's thread tells the servers what has changed, also while they are being started.
  Mutex mutex_;
  std::vector<std::unique_ptr<bindings::Server>> servers_ SAEF_GUARDED_BY(mutex_);
  std::vector<std::string> bindings_ SAEF_GUARDED_BY(mutex_);  // one for each of servers_
  std::vector<std::string> uris_;
  std::unique_ptr<statistics::Endpoint> endpoint_;
};

}  // namespace saef::maf

#endif  // SAEF_ROLES_MAF_MAF_H_
