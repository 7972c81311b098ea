// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/registrant.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace saef::cse {
namespace {

using bindings::LogLevel;
using onem2m::Operation;
using onem2m::RequestPrimitive;
using onem2m::ResponsePrimitive;
using enum onem2m::ResponseStatusCode;
using JsonWriter = rapidjson::Writer<rapidjson::StringBuffer>;

// How many refreshes may fail until the Registrar forgets this CSE; and not too few seconds.
constexpr int kRefreshesInLife = 4;
constexpr std::chrono::seconds kShortestLife{60};

void WriteText(JsonWriter& writer, const char* name, const std::string& text) {
  writer.Key(name);
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void WriteTexts(JsonWriter& writer, const char* name, const std::vector<std::string>& texts) {
  writer.Key(name);
  writer.StartArray();
  for (const std::string& text : texts) {
    writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  }
  writer.EndArray();
}

// An answer that may come when nobody waits any more.
struct Reply {
  Mutex mutex;
  CondVar changed;
  std::optional<ResponsePrimitive> response SAEF_GUARDED_BY(mutex);
};

std::string Outcomes(const ResponsePrimitive& response) {
  return std::to_string(onem2m::Number(response.status)) + " " +
         bindings::Quote(response.content, 200);
}

}  // namespace

Registrant::Registrant(Hop& registrar, ResourceService& service, RegistrantOptions options,
                       bindings::Log log)
    : registrar_(registrar),
      service_(service),
      options_(std::move(options)),
      log_(std::move(log)),
      thread_([this] { Run(); }) {}

Registrant::~Registrant() {
  {
    const MutexLock lock(mutex_);
    stop_ = true;
  }
  changed_.NotifyAll();
  thread_.join();
}

bool Registrant::registered() const {
  const MutexLock lock(mutex_);
  return state_ == State::kRegistered;
}

void Registrant::Check() {
  const std::vector<std::string> descendants = service_.Descendants();
  {
    const MutexLock lock(mutex_);
    if (state_ != State::kRegistered || descendants == told_) {
      return;
    }
    due_ = true;
  }
  changed_.NotifyAll();
}

void Registrant::Run() {
  std::chrono::milliseconds pause{0};
  for (;;) {
    const bool done = Step();
    pause = done ? std::chrono::milliseconds(0)
                 : std::clamp(pause * 2, options_.first_pause, options_.max_pause);
    const auto next =
        std::chrono::steady_clock::now() +
        (done ? std::chrono::duration_cast<std::chrono::milliseconds>(options_.refresh) : pause);
    const MutexLock lock(mutex_);
    // A failure waits for its time, whatever is due.
    while (!stop_ && !(done && due_) &&
           changed_.WaitUntil(mutex_, next) != std::cv_status::timeout) {
    }
    due_ = false;
    if (stop_) {
      return;
    }
  }
}

bool Registrant::Step() {
  const std::vector<std::string> descendants = service_.Descendants();
  if (!registered()) {
    return Register(descendants);
  }
  return Refresh(descendants) || (!registered() && Register(descendants));
}

bool Registrant::Register(const std::vector<std::string>& descendants) {
  RequestPrimitive request = Write(Operation::kCreate, descendants);
  request.to = registrar_.cse().SpRelative();
  request.resource_type = static_cast<int>(onem2m::ResourceType::kRemoteCse);
  const auto response = Ask(std::move(request));
  if (!response) {
    return false;
  }
  // Its own name at the Registrar's CSEBase, unless the Registrar tells another.
  address_ = registrar_.cse().SpRelative() + "/-/" + options_.self.name();
  if (response->status == kOriginatorHasAlreadyRegistered) {
    return Refresh(descendants);
  }
  if (response->status != kCreated) {
    log_(LogLevel::kWarning,
         registrar_.cse().Absolute() + " doesn't register this CSE: " + Outcomes(*response));
    return false;
  }
  if (response->location && !response->location->empty()) {
    address_ = response->location->starts_with('/')
                   ? *response->location
                   : registrar_.cse().SpRelative() + "/" + *response->location;
  }
  Become(State::kRegistered, descendants);
  return true;
}

bool Registrant::Refresh(const std::vector<std::string>& descendants) {
  RequestPrimitive request = Write(Operation::kUpdate, descendants);
  request.to = address_;
  const auto response = Ask(std::move(request));
  if (!response) {
    return false;
  }
  if (response->status == kUpdated) {
    Become(State::kRegistered, descendants);
    return true;
  }
  log_(LogLevel::kWarning, registrar_.cse().Absolute() +
                               " doesn't keep this CSE's registration: " + Outcomes(*response));
  if (response->status == kNotFound) {
    Become(State::kUnregistered, {});
  }
  return false;
}

RequestPrimitive Registrant::Write(Operation operation,
                                   const std::vector<std::string>& descendants) {
  rapidjson::StringBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  writer.Key("m2m:csr");
  writer.StartObject();
  if (operation == Operation::kCreate) {
    WriteText(writer, "rn", options_.self.name());
    WriteText(writer, "csi", options_.self.SpRelative());
    WriteText(writer, "cb", options_.self.SpRelative() + "/" + options_.base);
    writer.Key("cst");
    writer.Int(static_cast<int>(options_.type));
    WriteTexts(writer, "srv", {"2a", "3"});
  }
  writer.Key("rr");
  writer.Bool(true);
  WriteTexts(writer, "poa", options_.points_of_access);
  WriteTexts(writer, "dcse", descendants);
  WriteText(writer, "et", onem2m::FormatTimestamp(Expiry()));
  writer.EndObject();
  writer.EndObject();

  RequestPrimitive request;
  request.operation = operation;
  request.from = options_.self.SpRelative();
  request.request_identifier = "registration-" + std::to_string(++requests_);
  request.release_version = "3";
  request.query = {{"rcn", "0"}};
  request.content.assign(buffer.GetString(), buffer.GetSize());
  return request;
}

onem2m::Time Registrant::Expiry() const {
  return onem2m::Now() + std::max(options_.refresh * kRefreshesInLife, kShortestLife);
}

std::optional<ResponsePrimitive> Registrant::Ask(RequestPrimitive request) {
  const auto reply = std::make_shared<Reply>();
  registrar_.Send(std::move(request), {}, std::chrono::steady_clock::now() + options_.timeout,
                  [reply](ResponsePrimitive response) {
                    const MutexLock lock(reply->mutex);
                    reply->response = std::move(response);
                    reply->changed.NotifyAll();
                  });
  std::optional<ResponsePrimitive> response;
  {
    const MutexLock lock(reply->mutex);
    while (!reply->response) {
      reply->changed.Wait(reply->mutex);
    }
    response = std::move(reply->response);
  }
  const MutexLock lock(mutex_);
  return stop_ ? std::nullopt : std::move(response);
}

void Registrant::Become(State state, const std::vector<std::string>& descendants) {
  if (state == State::kRegistered) {
    service_.KeepRegistrar(registrar_.cse(), registrar_.cse().SpRelative(), Expiry());
  }
  const MutexLock lock(mutex_);
  if (state != state_) {
    log_(LogLevel::kInfo, (state == State::kRegistered ? "registered with " : "forgotten by ") +
                              registrar_.cse().Absolute());
  }
  state_ = state;
  told_ = descendants;
}

}  // namespace saef::cse
