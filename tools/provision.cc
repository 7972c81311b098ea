// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/provision.h"

#include <fcntl.h>
#include <rapidjson/document.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "onem2m/entity_identifier.h"
#include "onem2m/fqdn.h"
#include "onem2m/json.h"
#include "onem2m/key_derivation.h"
#include "onem2m/key_identifier.h"
#include "onem2m/maf_interface.h"
#include "onem2m/secret.h"

namespace saef::tools {
namespace {

namespace fs = std::filesystem;
using rapidjson::Document;
using rapidjson::Value;

// The files that were written so far, and the first thing that went wrong.
class Writer {
 public:
  explicit Writer(fs::path folder) : folder_(std::move(folder)) {
    std::error_code error;
    fs::create_directories(folder_, error);
    if (error) Fail(folder_.string() + ": cannot be made: " + error.message());
  }

  // O_EXCL: what exists is somebody's working configuration.
  void Write(const std::string& name, std::string_view content, mode_t mode) {
    if (!error_.empty()) return;
    const fs::path path = folder_ / name;
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd < 0) {
      Fail(path.string() + ": " + std::strerror(errno) +
           (errno == EEXIST ? "; nothing is overwritten: choose another folder or remove it first"
                            : ""));
      return;
    }
    bool ok = true;
    while (ok && !content.empty()) {
      const ssize_t n = ::write(fd, content.data(), content.size());
      if (n < 0 && errno == EINTR) continue;
      ok = n > 0;
      if (ok) content.remove_prefix(static_cast<std::size_t>(n));
    }
    ok = ::fsync(fd) == 0 && ok;
    ok = ::close(fd) == 0 && ok;
    if (!ok) return Fail(path.string() + ": could not be written: " + std::strerror(errno));
    written_.push_back(path);
  }

  void WriteKey(const std::string& name) {
    auto key = onem2m::Secret::Random(onem2m::kKeyLength);
    if (!key) return Fail(name + ": no key could be made: " + key.error().message());
    std::string text = key->ToHex() + "\n";
    Write(name, text, S_IRUSR | S_IWUSR);
    onem2m::Wipe(text);
  }

  void WriteDocument(const std::string& name, const Document& document) {
    Write(name, onem2m::WritePrettyJson(document) + "\n", S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH);
  }

  void Fail(std::string text) {
    if (error_.empty()) error_ = std::move(text);
  }

  Written Result() && {
    if (!error_.empty()) return std::move(error_);
    return std::move(written_);
  }

 private:
  fs::path folder_;
  std::vector<fs::path> written_;
  std::string error_;
};

// Members are added through these, so that every string is the document's own.
void Add(Document& document, Value& object, const char* member, const std::string& text) {
  object.AddMember(Value(member, document.GetAllocator()),
                   Value(text.c_str(), document.GetAllocator()), document.GetAllocator());
}

void Add(Document& document, Value& object, const char* member,
         const std::vector<std::string>& texts) {
  Value array(rapidjson::kArrayType);
  for (const std::string& text : texts) {
    array.PushBack(Value(text.c_str(), document.GetAllocator()), document.GetAllocator());
  }
  object.AddMember(Value(member, document.GetAllocator()), array, document.GetAllocator());
}

void Add(Document& document, Value& object, const char* member, Value value) {
  object.AddMember(Value(member, document.GetAllocator()), value, document.GetAllocator());
}

Document Object() {
  Document document;
  document.SetObject();
  return document;
}

std::string AbsoluteCseId(const Provisioning& provisioning, const std::string& cse) {
  return "//" + provisioning.service_provider + "/" + cse;
}

std::string KmIdOf(const Provisioning& provisioning, const std::string& name) {
  return name + "@" + provisioning.maf_fqdn;
}

// A MAF client of maf.json.
Value Client(Document& document, const Provisioning& provisioning,
             const ProvisionedEntity& entity) {
  Value client(rapidjson::kObjectType);
  Add(document, client, "kmId", KmIdOf(provisioning, entity.name));
  Add(document, client, "kmFile", entity.name + ".km");
  if (entity.entity_id) Add(document, client, "entityId", *entity.entity_id);
  Add(document, client, "entityType", entity.type);
  Add(document, client, "mayRegisterFor", entity.may_register_for);
  return client;
}

// A CSE as a Target End-Point: it retrieves and registers for nobody.
ProvisionedEntity TargetCse(const Provisioning& provisioning, const std::string& cse) {
  ProvisionedEntity target;
  target.name = cse;
  target.type = "CSE";
  target.entity_id = AbsoluteCseId(provisioning, cse);
  return target;
}

// What is wrong with the names, before anything is written; empty: nothing.
std::string CheckNames(const Provisioning& p) {
  const auto maf = onem2m::Fqdn::ParseCanonical(p.maf_fqdn);
  if (!maf || p.maf_fqdn.size() > onem2m::Fqdn::kMaxMafLength) {
    return "the MAF's FQDN \"" + p.maf_fqdn +
           "\" must be a domain name in lower case of at most 95 characters, such as "
           "maf.example.com";
  }
  if (!onem2m::Fqdn::ParseCanonical(p.service_provider)) {
    return "the service provider \"" + p.service_provider +
           "\" must be a domain name in lower case, such as sp.example.com";
  }
  std::vector<std::string> cses = p.other_cses;
  cses.push_back(p.cse);
  for (const std::string& cse : cses) {
    if (!onem2m::CseId::ParseAbsolute(AbsoluteCseId(p, cse))) {
      return "the CSE \"" + cse + "\" must be a CSE-ID without its slash, such as cse1";
    }
  }
  for (const ProvisionedEntity& entity : p.entities) {
    if (!onem2m::KeyIdentifier::Make(entity.name, maf.value())) {
      return "the entity \"" + entity.name +
             "\" must have letters, digits, '.', '_' and '-' only: it becomes a KmId";
    }
  }
  return {};
}

}  // namespace

Written ProvisionMaf(const Provisioning& provisioning) {
  if (std::string wrong = CheckNames(provisioning); !wrong.empty()) return wrong;
  Writer writer(provisioning.folder);
  Document document = Object();
  Add(document, document, "fqdn", provisioning.maf_fqdn);
  Add(document, document, "listen", provisioning.maf_listen);
  Add(document, document, "store", std::string("maf.sqlite"));
  Add(document, document, "storeKeyFile", std::string("store.key"));
  writer.WriteKey("store.key");

  Value clients(rapidjson::kArrayType);
  std::vector<std::string> cses = {provisioning.cse};
  cses.insert(cses.end(), provisioning.other_cses.begin(), provisioning.other_cses.end());
  for (const std::string& cse : cses) {
    writer.WriteKey(cse + ".km");
    clients.PushBack(Client(document, provisioning, TargetCse(provisioning, cse)),
                     document.GetAllocator());
  }
  for (ProvisionedEntity entity : provisioning.entities) {
    if (entity.may_register_for.empty()) {
      entity.may_register_for = {AbsoluteCseId(provisioning, provisioning.cse)};
    }
    writer.WriteKey(entity.name + ".km");
    clients.PushBack(Client(document, provisioning, entity), document.GetAllocator());
  }
  Add(document, document, "clients", std::move(clients));
  writer.WriteDocument("maf.json", document);
  return std::move(writer).Result();
}

Written ProvisionCse(const Provisioning& provisioning, const std::string& maf_uri) {
  if (std::string wrong = CheckNames(provisioning); !wrong.empty()) return wrong;
  Writer writer(provisioning.folder);

  Document plugin = Object();
  Value self(rapidjson::kObjectType);
  Add(plugin, self, "id", "/" + provisioning.cse);
  Add(plugin, self, "serviceProvider", provisioning.service_provider);
  Add(plugin, plugin, "cse", std::move(self));
  Value maf(rapidjson::kObjectType);
  Add(plugin, maf, "fqdn", provisioning.maf_fqdn);
  Add(plugin, maf, "keyRetrieval", maf_uri + std::string(onem2m::maf::kKeyRetrievalPath));
  Add(plugin, maf, "kmId", KmIdOf(provisioning, provisioning.cse));
  Add(plugin, maf, "kmFile", provisioning.cse + ".km");
  Value mafs(rapidjson::kArrayType);
  mafs.PushBack(maf, plugin.GetAllocator());
  Add(plugin, plugin, "mafs", std::move(mafs));
  writer.WriteDocument("saef.json", plugin);

  Document cse = Object();
  Add(cse, cse, "id", "/" + provisioning.cse);
  Add(cse, cse, "serviceProvider", provisioning.service_provider);
  Add(cse, cse, "resourceName", std::string("base"));
  Add(cse, cse, "listen", provisioning.cse_listen);
  Value module(rapidjson::kObjectType);
  Add(cse, module, "module", provisioning.plugin_module);
  Add(cse, module, "config", std::string("saef.json"));
  Value modules(rapidjson::kArrayType);
  modules.PushBack(module, cse.GetAllocator());
  Add(cse, cse, "plugins", std::move(modules));
  Add(cse, cse, "refusal", provisioning.refusal);
  writer.WriteDocument("cse.json", cse);
  return std::move(writer).Result();
}

Written ProvisionEntities(const Provisioning& provisioning, const std::string& maf_uri,
                          const std::vector<std::string>& cse_uris) {
  if (std::string wrong = CheckNames(provisioning); !wrong.empty()) return wrong;
  Writer writer(provisioning.folder);
  for (const ProvisionedEntity& entity : provisioning.entities) {
    Document document = Object();
    if (entity.entity_id) Add(document, document, "entityId", *entity.entity_id);
    Value maf(rapidjson::kObjectType);
    Add(document, maf, "fqdn", provisioning.maf_fqdn);
    Add(document, maf, "keyRegistration", maf_uri + std::string(onem2m::maf::kKeyRegistrationPath));
    Add(document, maf, "kmId", KmIdOf(provisioning, entity.name));
    Add(document, maf, "kmFile", entity.name + ".km");
    Add(document, document, "maf", std::move(maf));
    Value cse(rapidjson::kObjectType);
    Add(document, cse, "id", AbsoluteCseId(provisioning, provisioning.cse));
    Add(document, cse, "uris", cse_uris);
    Add(document, document, "cse", std::move(cse));
    Add(document, document, "kc", entity.kc);
    writer.WriteDocument("entity-" + entity.name + ".json", document);
  }
  return std::move(writer).Result();
}

}  // namespace saef::tools
