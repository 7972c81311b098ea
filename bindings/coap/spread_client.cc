// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/spread_client.h"

#include <utility>

namespace saef::coap {

using bindings::ClientOptions;
using bindings::Result;

Result<std::unique_ptr<SpreadClient>> SpreadClient::Open(ClientOptions options,
                                                         Clock::duration pause) {
  std::unique_ptr<SpreadClient> self(new SpreadClient(options.max_sessions, pause));
  for (Line& line : self->lines_) {
    auto copy = bindings::Clone(options);
    if (!copy) return copy.error();
    auto client = SessionClient::Open(std::move(*copy));
    if (!client) return client.error();
    line.client = std::move(*client);
  }
  return self;
}

// All are stopped before the first one goes: a callback of one may still send, which asks each how
// it is.
SpreadClient::~SpreadClient() {
  for (const Line& line : lines_) {
    if (line.client) line.client->Stop();
  }
}

Result<void> SpreadClient::Connect() { return lines_.front().client->Connect(); }

SpreadClient::Line& SpreadClient::Pick() {
  Line* least = nullptr;
  bool all_stand = true;
  for (Line& line : lines_) {
    if (!line.client->established()) {
      all_stand = false;
    } else if (least == nullptr || line.under_way < least->under_way) {
      least = &line;
    }
  }
  if (least == nullptr) return lines_.front();
  if (!all_stand && least->under_way >= kMany) OpenOthers();
  return *least;
}

void SpreadClient::OpenOthers() {
  const Clock::duration now = Clock::now().time_since_epoch();
  for (Line& line : lines_) {
    Clock::duration due = line.next_try;
    if (line.client->established() || now < due) continue;
    // Of several threads one tries.
    if (line.next_try.compare_exchange_strong(due, now + pause_)) {
      line.client->StartConnecting([](Result<void>) {});
    }
  }
}

void SpreadClient::Answered() {
  if (!others_tried_.exchange(true)) OpenOthers();
}

SpreadClient::Done SpreadClient::Wrap(Line& line, Done done) {
  return [this, under_way = std::make_shared<UnderWay>(line), done = std::move(done)](auto result) {
    under_way->End();
    if (result) Answered();
    done(std::move(result));
  };
}

void SpreadClient::Send(onem2m::RequestPrimitive request, std::chrono::milliseconds timeout,
                        Done done) {
  Line& line = Pick();
  line.client->Send(std::move(request), timeout, Wrap(line, std::move(done)));
}

std::uint64_t SpreadClient::Observe(onem2m::RequestPrimitive request,
                                    std::chrono::milliseconds timeout, Notify notify) {
  Line& line = Pick();
  const std::uint64_t id =
      line.client->Observe(std::move(request), timeout, Wrap(line, std::move(notify)));
  return id * lines_.size() + static_cast<std::size_t>(&line - lines_.data());
}

void SpreadClient::CancelObserve(std::uint64_t id) {
  lines_[id % lines_.size()].client->CancelObserve(id / lines_.size());
}

Result<onem2m::Secret> SpreadClient::ExportKeyingMaterial(std::string_view label,
                                                          std::size_t length) {
  return Pick().client->ExportKeyingMaterial(label, length);
}

void SpreadClient::Disconnect() {
  for (const Line& line : lines_) line.client->Disconnect();
}

std::uint64_t SpreadClient::sessions_established() const {
  std::uint64_t sum = 0;
  for (const Line& line : lines_) sum += line.client->sessions_established();
  return sum;
}

}  // namespace saef::coap
