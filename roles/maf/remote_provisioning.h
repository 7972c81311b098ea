// SPDX-License-Identifier: GPL-3.0-or-later
//
// RemoteProvisioning: what a MAF with MEFs has besides (TS-0003 8.x.2, 8.x.3): the store of
// assigned Master Credentials, the fetcher of Km, the keys for the gate, and KmId Retrieval.
//
// Threads: any, as its parts say. Goes after the servers and the Handler.
#ifndef SAEF_ROLES_MAF_REMOTE_PROVISIONING_H_
#define SAEF_ROLES_MAF_REMOTE_PROVISIONING_H_

#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "bindings/log.h"
#include "roles/maf/configuration.h"
#include "roles/maf/enrolled_store.h"
#include "roles/maf/key_source.h"
#include "roles/maf/km_fetcher.h"
#include "roles/maf/km_id_retrieval.h"

namespace saef::maf {

class RemoteProvisioning {
 public:
  // `configuration` must outlive it. The store has been opened before. Or a sentence.
  static std::variant<std::unique_ptr<RemoteProvisioning>, std::string> Open(
      const Configuration& configuration, onem2m::Secret store_key, bindings::Log log) {
    auto store = EnrolledStore::Open(configuration.store, std::move(store_key), configuration.fqdn);
    if (auto* const error = std::get_if<std::string>(&store)) return std::move(*error);
    auto fetcher =
        KmFetcher::Open(configuration.fqdn, configuration.mefs, configuration.enrolled, log);
    if (auto* const error = std::get_if<std::string>(&fetcher)) return std::move(*error);
    return std::unique_ptr<RemoteProvisioning>(new RemoteProvisioning(
        configuration, std::get<std::unique_ptr<EnrolledStore>>(std::move(store)),
        std::get<std::unique_ptr<KmFetcher>>(std::move(fetcher)), std::move(log)));
  }

  bindings::PluginGate gate() { return key_source_.gate(); }
  KmIdRetrieval& km_id_retrieval() { return km_id_retrieval_; }
  KmFetcher& fetcher() { return *fetcher_; }

 private:
  RemoteProvisioning(const Configuration& configuration, std::unique_ptr<EnrolledStore> store,
                     std::unique_ptr<KmFetcher> fetcher, bindings::Log log)
      : log_(std::move(log)),
        store_(std::move(store)),
        fetcher_(std::move(fetcher)),
        key_source_(configuration.fqdn, configuration.clients, *store_, *fetcher_, log_),
        km_id_retrieval_(*store_, *fetcher_, log_) {}

  const bindings::Log log_;
  const std::unique_ptr<EnrolledStore> store_;
  const std::unique_ptr<KmFetcher> fetcher_;
  KeySource key_source_;
  KmIdRetrieval km_id_retrieval_;
};

}  // namespace saef::maf

#endif  // SAEF_ROLES_MAF_REMOTE_PROVISIONING_H_
