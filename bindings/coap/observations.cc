// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/observations.h"

#include <algorithm>
#include <utility>

#include "bindings/coap/observe_option.h"
#include "bindings/coap/pdu.h"
#include "bindings/coap/response_codec.h"
#include "bindings/coap/send_request.h"

namespace saef::coap {

using bindings::Error;
using bindings::Result;

void Observations::Begin(ClientExchangePtr exchange, const std::string& token,
                         const Message& message, Result<onem2m::ResponsePrimitive> response) {
  const auto sequence = ReadObserve(message);
  const bool good = response.has_value() && ClassOf(message.code) == 2;
  if (good && sequence) {
    auto observation = std::make_unique<Observation>();
    observation->id = exchange->observation;
    observation->request = std::move(exchange->request);
    observation->set = exchange->set;
    observation->notify = exchange->done;
    observation->sequence = *sequence;
    observation->came = Clock::now();
    table_.insert_or_assign(token, std::move(observation));
    KeepAlive();
  }
  exchange->done(std::move(response));
  if (good && !sequence) exchange->done(Error::kUnsupported);
}

bool Observations::Receive(coap_session_t* session, const coap_pdu_t* received) {
  const auto place = table_.find(TokenOf(received));
  if (place == table_.end()) return false;
  Observation& observation = *place->second;
  const Block block = ReadBlock(session, received, COAP_OPTION_BLOCK2);
  if (block.offset == 0) {
    observation.message = ReadPdu(received);
    observation.body.clear();
  }
  if (block.offset + block.data.size() > max_content_length_ || block.total > max_content_length_) {
    const auto gone = Remove(place);
    gone->notify(Error::kTooLarge);
  } else if (block.offset == observation.body.size()) {
    observation.body.append(block.data);
    if (!block.more) Take(place);
  }
  // Else a block is missing: the next notification says it again.
  return true;
}

void Observations::Take(Table::iterator place) {
  Observation& observation = *place->second;
  Message message = std::move(observation.message);
  message.payload = std::move(observation.body);
  observation.message = {};
  observation.body.clear();
  const auto sequence = ReadObserve(message);
  const auto now = Clock::now();
  auto response = DecodeResponse(message, observation.request);
  onem2m::Wipe(message.payload);
  if (response && ClassOf(message.code) == 2 && sequence) {
    // RFC 7641 3.4: what came late says nothing new, and the same one comes twice where an
    // acknowledgement got lost.
    if (!IsFresher(observation.sequence, *sequence, now - observation.came)) {
      onem2m::Wipe(response->content);
      return;
    }
    observation.sequence = *sequence;
    observation.came = now;
    observation.notify(std::move(response));
    return;
  }
  const bool good = response.has_value() && ClassOf(message.code) == 2;
  const auto gone = Remove(place);
  gone->notify(std::move(response));
  // RFC 7641 3.2: without the option this was an answer, and the last one.
  if (good) gone->notify(Error::kUnsupported);
}

void Observations::Cancel(std::uint64_t id, coap_session_t* session) {
  const auto place = std::find_if(table_.begin(), table_.end(),
                                  [id](const auto& entry) { return entry.second->id == id; });
  if (place == table_.end()) return;
  const std::string token = place->first;
  const auto gone = Remove(place);
  if (session != nullptr) DeregisterOne(session, token, *gone);
}

void Observations::Deregister(coap_session_t* session) const {
  for (const auto& [token, observation] : table_) DeregisterOne(session, token, *observation);
}

// RFC 7641 3.6. libcoap does it where a notification in blocks has made it remember the request.
void Observations::DeregisterOne(coap_session_t* session, const std::string& token,
                                 const Observation& observation) const {
  std::string octets = token;
  coap_binary_t view{octets.size(), reinterpret_cast<std::uint8_t*>(octets.data())};
  if (coap_cancel_observe(session, &view, COAP_MESSAGE_CON) != 0) return;
  auto message = encode_(observation.request, observation.set);
  if (!message) return;
  WriteObserve(*message, 1);
  // Where the session takes nothing any more it has ended, and so has what was observed in it.
  static_cast<void>(SendObserve(session, token, *message));
}

PduPtr Observations::RequestOf(coap_session_t* session, const std::string& token) const {
  const auto place = table_.find(token);
  if (place == table_.end()) return nullptr;
  auto message = encode_(place->second->request, place->second->set);
  if (!message) return nullptr;
  WriteObserve(*message, 0);
  auto pdu = MakeRequestPdu(session, token, *message);
  return pdu ? std::move(*pdu) : nullptr;
}

void Observations::End(Error error) {
  Table gone = std::exchange(table_, {});
  KeepAlive();
  for (const auto& [token, observation] : gone) observation->notify(error);
}

std::unique_ptr<Observations::Observation> Observations::Remove(Table::iterator place) {
  auto gone = std::move(place->second);
  onem2m::Wipe(gone->body);
  table_.erase(place);
  KeepAlive();
  return gone;
}

void Observations::KeepAlive() {
  coap_context_set_keepalive(context_,
                             table_.empty() ? 0u : static_cast<unsigned>(kKeepAlive.count()));
}

}  // namespace saef::coap
