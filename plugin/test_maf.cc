// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/test_maf.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "bindings/http/server.h"
#include "plugin/test_support.h"

extern "C" std::int32_t saef_plugin_entry(const saef_host_versions* host, const saef_api** api,
                                          char* reason, std::size_t* reason_length);

namespace saef::plugin {

std::string MakeAnswer(const std::string& source_id, const std::string& source_type,
                       const std::string& credential_id, std::int64_t lifetime_s) {
  std::string text = R"({"status":"OK","keyValue":")" +
                     onem2m::Secret::Copy(Octets(kTestKey)).value().ToBase64() + "\"";
  if (!source_id.empty()) {
    text += ",\"sourceID\":\"" + source_id + "\",\"sourceType\":\"" + source_type + "\"";
  }
  if (!credential_id.empty()) text += ",\"credentialID\":\"" + credential_id + "\"";
  return text + ",\"suid\":32,\"lifetime\":" + std::to_string(lifetime_s) + "}";
}

// ---- TestMaf ----

void TestMaf::Start(bool coap) {
  bindings::ServerOptions options;
  options.listeners = {{.address = "127.0.0.1", .port = port_, .secure = true}};
  options.keys =
      bindings::PskTable([](std::string_view identity) -> onem2m::Result<onem2m::Secret> {
        if (identity != "cse1@maf.example.com") return onem2m::Error::kOutOfRange;
        return onem2m::Secret::FromHex(kTestKm);
      });
  options.log = [](bindings::LogLevel, std::string_view) {};
  options.observable = [](std::string_view path) { return path.starts_with("kr/"); };
  auto server = coap ? coap::StartServer(std::move(options), *this)
                     : http::StartServer(std::move(options), *this);
  BOOST_TEST_INFO((server ? std::string() : server.error().message()));
  BOOST_REQUIRE(server.has_value());
  server_ = std::move(*server);
  port_ = server_->ports().at(0);
}

void TestMaf::Stop() {
  {
    const MutexLock lock(mutex_);
    held_.clear();
    hold_ = false;
  }
  server_.reset();
}

void TestMaf::Set(const std::string& relative, Reply reply) {
  const MutexLock lock(mutex_);
  replies_[relative] = std::move(reply);
}

void TestMaf::Change(const std::string& relative, Reply reply) {
  Set(relative, std::move(reply));
  server_->Changed("kr/" + relative);
}

void TestMaf::Hold() {
  const MutexLock lock(mutex_);
  hold_ = true;
}

void TestMaf::Release() {
  {
    const MutexLock lock(mutex_);
    hold_ = false;
  }
  AnswerHeld();
}

void TestMaf::AnswerHeld() {
  std::vector<Question> held;
  {
    const MutexLock lock(mutex_);
    held.swap(held_);
  }
  for (const Question& question : held) Answer(question);
}

void TestMaf::EndSessionAfterAnswer(bool end) {
  const MutexLock lock(mutex_);
  end_session_ = end;
}

void TestMaf::TellTime(const std::string& timestamp) {
  const MutexLock lock(mutex_);
  time_ = timestamp;
}

std::vector<onem2m::RequestPrimitive> TestMaf::requests() const {
  const MutexLock lock(mutex_);
  return requests_;
}

std::vector<std::string> TestMaf::identities() const {
  const MutexLock lock(mutex_);
  return identities_;
}

void TestMaf::Handle(onem2m::RequestPrimitive request, std::shared_ptr<bindings::Session> session,
                     bindings::Respond respond) {
  Question question{std::move(request), std::move(session), std::move(respond)};
  {
    const MutexLock lock(mutex_);
    requests_.push_back(question.request);
    identities_.push_back(question.session->psk_identity());
    if (hold_) {
      held_.push_back(std::move(question));
      return;
    }
  }
  Answer(question);
}

void TestMaf::Answer(const Question& question) {
  const std::string& to = question.request.to;
  Reply reply;
  std::string time;
  bool end = false;
  {
    const MutexLock lock(mutex_);
    const auto it = replies_.find(to.substr(to.rfind('/') + 1));
    if (it != replies_.end()) reply = it->second;
    time = time_;
    end = end_session_;
  }
  auto response = onem2m::RespondTo(question.request, reply.status);
  response.content = reply.content;
  if (!time.empty()) response.originating_timestamp = time;
  if (end) question.session->EndAfterResponse();
  question.respond(std::move(response));
}

// ---- PluginUnderTest ----

const saef_api& Api() {
  static const saef_api* const api = [] {
    const saef_host_versions versions{sizeof(saef_host_versions), 1, 1, "test", 4};
    const saef_api* made = nullptr;
    saef_plugin_entry(&versions, &made, nullptr, nullptr);
    return made;
  }();
  return *api;
}

PluginUnderTest::PluginUnderTest(std::uint16_t maf_port, const Options& options)
    : resources_(options.resources) {
  for (const auto& [name, content] : options.files) folder_.Write(name, content, 0600);
  folder_.Write("cse1.km", options.km, 0600);
  const std::string config = folder_.Write(
      "saef.json",
      R"({"cse": {"id": "/cse1", "serviceProvider": "sp.example.com"}, "mafs": [)"
      R"({"fqdn": "maf.example.com", "keyRetrieval": ")" +
          options.scheme + "://127.0.0.1:" + std::to_string(maf_port) +
          R"(/kr", "kmId": "cse1@maf.example.com", "kmFile": "cse1.km"}], "require": ")" +
          options.require + R"(", "cache": {"maxAgeSeconds": )" +
          std::to_string(options.max_age_s) + R"(, "refusalSeconds": )" +
          std::to_string(options.refusal_s) + R"(}, "fetch": {"timeoutMs": )" +
          std::to_string(options.timeout_ms) + R"(, "maxInFlight": )" +
          std::to_string(options.max_in_flight) + options.fetch + R"(, "backOffMs": {"first": )" +
          std::to_string(options.back_off_ms) + R"(, "max": 30000}}, "associations": {"max": )" +
          std::to_string(options.max_associations) + R"(}, "observe": )" +
          (options.observe ? "true" : "false") + options.more + "}",
      0644);
  saef_host host{};
  host.size = sizeof(host);
  host.context = this;
  host.log = OnLog;
  host.is_registered_ae = IsRegisteredAe;
  host.is_registree_cse = IsRegistreeCse;
  host.end_association = EndAssociation;
  host.retrieve = Retrieve;
  saef_open_arguments arguments{sizeof(arguments), config.data(), config.size(), &host};
  char error[1024];
  std::size_t error_length = sizeof(error);
  const std::int32_t opened = Api().open(&arguments, &instance_, error, &error_length);
  BOOST_TEST_INFO(std::string(error, std::min(error_length, sizeof(error))));
  BOOST_REQUIRE(opened == SAEF_DONE);
}

PluginUnderTest::~PluginUnderTest() {
  if (instance_ != nullptr) Api().close(instance_);
}

void PluginUnderTest::Close() {
  BOOST_TEST(Api().close(instance_) == SAEF_DONE);
  instance_ = nullptr;
}

std::int32_t PluginUnderTest::Lookup(const std::string& identity, std::string* key) const {
  std::uint8_t buffer[SAEF_MAX_KEY];
  std::size_t length = sizeof(buffer);
  const std::int32_t result =
      Api().lookup(instance_, Octets(identity).data(), identity.size(), buffer, &length);
  if (result == SAEF_KEY && key != nullptr) key->assign(buffer, buffer + length);
  return result;
}

std::int32_t PluginUnderTest::LookupWait(const std::string& identity, std::uint32_t timeout_ms,
                                         std::string* key) const {
  std::uint8_t buffer[SAEF_MAX_KEY];
  std::size_t length = sizeof(buffer);
  const std::int32_t result = Api().lookup_wait(instance_, Octets(identity).data(), identity.size(),
                                                timeout_ms, buffer, &length);
  if (result == SAEF_KEY && key != nullptr) key->assign(buffer, buffer + length);
  return result;
}

saef_association PluginUnderTest::Associate(const std::string& identity,
                                            std::int32_t expected) const {
  saef_peer peer{};
  peer.size = sizeof(peer);
  peer.psk_identity = {Octets(identity).data(), identity.size()};
  saef_association association = 77;
  BOOST_TEST(Api().associate(instance_, &peer, &association) == expected);
  BOOST_TEST((association != SAEF_NO_ASSOCIATION) == (expected == SAEF_DONE));
  return association;
}

std::int32_t PluginUnderTest::Check(saef_association association, const std::string& from,
                                    int operation, int resource_type) const {
  const saef_request request{sizeof(request), operation, resource_type, from.data(), from.size(),
                             nullptr,         0};
  return Api().check_originator(instance_, association, &request);
}

std::int32_t PluginUnderTest::CheckRegistration(saef_association association,
                                                const std::string& from,
                                                const std::string& app_id) const {
  const saef_request request{sizeof(request), SAEF_CREATE,  2, from.data(), from.size(),
                             app_id.data(),   app_id.size()};
  return Api().check_originator(instance_, association, &request);
}

saef_statistics PluginUnderTest::Statistics() const {
  saef_statistics statistics{};
  statistics.size = sizeof(statistics);
  BOOST_TEST(Api().statistics(instance_, &statistics) == SAEF_DONE);
  return statistics;
}

std::vector<saef_association> PluginUnderTest::ended() const {
  const MutexLock lock(mutex_);
  return ended_;
}

std::string PluginUnderTest::log() const {
  const MutexLock lock(mutex_);
  return log_;
}

void PluginUnderTest::Register(const std::string& ae_id) {
  const MutexLock lock(mutex_);
  registered_.push_back(ae_id);
}

void PluginUnderTest::OnLog(void* context, std::int32_t level, const char* text,
                            std::size_t length) {
  auto* const self = static_cast<PluginUnderTest*>(context);
  const MutexLock lock(self->mutex_);
  self->log_ += std::to_string(level) + " " + std::string(text, length) + "\n";
}

std::int32_t PluginUnderTest::IsRegisteredAe(void* context, const char* ae_id, std::size_t length) {
  auto* const self = static_cast<PluginUnderTest*>(context);
  const MutexLock lock(self->mutex_);
  for (const std::string& registered : self->registered_) {
    if (registered == std::string_view(ae_id, length)) return SAEF_YES;
  }
  return SAEF_NO;
}

std::int32_t PluginUnderTest::IsRegistreeCse(void* /*context*/, const char* cse_id,
                                             std::size_t length) {
  return std::string_view(cse_id, length) == "/cse3" ? SAEF_YES : SAEF_NO;
}

void PluginUnderTest::Retrieve(void* context, const char* to, std::size_t length,
                               saef_retrieve_done done, void* done_context) {
  const auto& resources = static_cast<PluginUnderTest*>(context)->resources_;
  const auto it = resources.find(std::string(to, length));
  if (it == resources.end()) return done(done_context, 4004, nullptr, 0);
  done(done_context, 2000, it->second.data(), it->second.size());
}

void PluginUnderTest::EndAssociation(void* context, saef_association association) {
  auto* const self = static_cast<PluginUnderTest*>(context);
  const MutexLock lock(self->mutex_);
  self->ended_.push_back(association);
}

}  // namespace saef::plugin
