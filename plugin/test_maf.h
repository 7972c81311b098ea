// SPDX-License-Identifier: GPL-3.0-or-later
//
// TestMaf: a MAF on a real DTLS socket whose answers the test decides; and PluginUnderTest: an
// instance behind the plugin's table that is configured for it.
#ifndef SAEF_PLUGIN_TEST_MAF_H_
#define SAEF_PLUGIN_TEST_MAF_H_

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bindings/coap/server.h"
#include "bindings/server.h"
#include "onem2m/maf_interface.h"
#include "onem2m/primitive.h"
#include "onem2m/test_folder.h"
#include "onem2m/thread_annotations.h"
#include "saef/plugin.h"

namespace saef::plugin {

inline const std::string kTestKm(64, '5');   // in hexadecimal digits
inline const std::string kTestKey(32, 'k');  // what MakeAnswer hands out
inline const std::string kAe1 = "//sp.example.com/cse1/Cae1";

// A good answer's content.
std::string MakeAnswer(const std::string& source_id, const std::string& source_type,
                       const std::string& credential_id, std::int64_t lifetime_s);

class TestMaf : public bindings::RequestHandler {
 public:
  struct Reply {
    onem2m::ResponseStatusCode status = onem2m::ResponseStatusCode::kNotFound;
    std::string content{};
  };
  static Reply Key(std::int64_t lifetime_s = 600) {
    return {onem2m::ResponseStatusCode::kOk, MakeAnswer(kAe1, "AE", "", lifetime_s)};
  }

  TestMaf() = default;
  ~TestMaf() override { Stop(); }

  // On any port, or on the one that it had before; over CoAP, where its keys may be observed, or
  // over HTTP.
  void Start(bool coap = true);
  void Stop();
  std::uint16_t port() const { return port_; }

  // For this relative KcId; others are not found.
  void Set(const std::string& relative, Reply reply);
  // The same, told to who observes it.
  void Change(const std::string& relative, Reply reply);
  std::size_t observers() const { return server_->observers(); }
  // Ends all sessions.
  void Restart() {
    Stop();
    Start();
  }
  // Keeps questions until Release; AnswerHeld answers those that it has and keeps the next ones.
  void Hold();
  void Release();
  void AnswerHeld();
  void EndSessionAfterAnswer(bool end);
  void TellTime(const std::string& timestamp);

  std::vector<onem2m::RequestPrimitive> requests() const;
  std::vector<std::string> identities() const;  // of the sessions that the requests came in

  void Handle(onem2m::RequestPrimitive request, std::shared_ptr<bindings::Session> session,
              bindings::Respond respond) override;

 private:
  struct Question {
    onem2m::RequestPrimitive request;
    std::shared_ptr<bindings::Session> session;
    bindings::Respond respond;
  };
  void Answer(const Question& question);

  mutable Mutex mutex_;
  std::map<std::string, Reply> replies_ SAEF_GUARDED_BY(mutex_);
  std::vector<onem2m::RequestPrimitive> requests_ SAEF_GUARDED_BY(mutex_);
  std::vector<std::string> identities_ SAEF_GUARDED_BY(mutex_);
  std::vector<Question> held_ SAEF_GUARDED_BY(mutex_);
  bool hold_ SAEF_GUARDED_BY(mutex_) = false;
  bool end_session_ SAEF_GUARDED_BY(mutex_) = false;
  std::string time_ SAEF_GUARDED_BY(mutex_);
  std::uint16_t port_ = 0;
  std::unique_ptr<bindings::Server> server_;
};

// The plugin's table.
const saef_api& Api();

class PluginUnderTest {
 public:
  struct Options {
    std::string require = "standard";
    int max_age_s = 1000;
    int refusal_s = 100;
    int timeout_ms = 5000;
    int back_off_ms = 200;
    int max_associations = 100;
    int max_in_flight = 256;
    std::string fetch{};  // more members of `fetch`, each with a comma before it
    bool observe = true;
    std::string scheme = "coaps";
    std::string km = kTestKm;
    // More members of saef.json, each with a comma before it; and the files that they name.
    std::string more{};
    std::map<std::string, std::string> files{};
    // What saef_host.retrieve answers with 2000; all else is 4004.
    std::map<std::string, std::string> resources{};
  };

  explicit PluginUnderTest(std::uint16_t maf_port) : PluginUnderTest(maf_port, Options()) {}
  PluginUnderTest(std::uint16_t maf_port, const Options& options);
  ~PluginUnderTest();

  saef_instance* get() const { return instance_; }
  void Close();  // SAEF_DONE is checked

  // The functions of the table with C++ arguments.
  std::int32_t Lookup(const std::string& identity, std::string* key = nullptr) const;
  std::int32_t LookupWait(const std::string& identity, std::uint32_t timeout_ms = 10000,
                          std::string* key = nullptr) const;
  saef_association Associate(const std::string& identity, std::int32_t expected = SAEF_DONE) const;
  std::int32_t Check(saef_association association, const std::string& from,
                     int operation = SAEF_RETRIEVE, int resource_type = 0) const;
  // CREATE <AE>.
  std::int32_t CheckRegistration(saef_association association, const std::string& from,
                                 const std::string& app_id) const;
  saef_statistics Statistics() const;

  // What the host was told or asked.
  std::vector<saef_association> ended() const;
  std::string log() const;
  void Register(const std::string& ae_id);

 private:
  static void OnLog(void* context, std::int32_t level, const char* text, std::size_t length);
  static std::int32_t IsRegisteredAe(void* context, const char* ae_id, std::size_t length);
  static std::int32_t IsRegistreeCse(void* context, const char* cse_id, std::size_t length);
  static void EndAssociation(void* context, saef_association association);
  static void Retrieve(void* context, const char* to, std::size_t length, saef_retrieve_done done,
                       void* done_context);

  onem2m::TestFolder folder_;
  const std::map<std::string, std::string> resources_;
  mutable Mutex mutex_;
  std::vector<saef_association> ended_ SAEF_GUARDED_BY(mutex_);
  std::vector<std::string> registered_ SAEF_GUARDED_BY(mutex_);
  std::string log_ SAEF_GUARDED_BY(mutex_);
  saef_instance* instance_ = nullptr;
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_TEST_MAF_H_
