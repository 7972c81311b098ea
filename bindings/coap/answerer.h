// SPDX-License-Identifier: GPL-3.0-or-later
//
// Answerer: behind a bindings::Respond. Takes one answer, from any thread, and sees to it that
// there is one: when the last copy of the Respond goes unanswered, it answers 5000.
#ifndef SAEF_BINDINGS_COAP_ANSWERER_H_
#define SAEF_BINDINGS_COAP_ANSWERER_H_

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "bindings/coap/loop.h"
#include "onem2m/primitive.h"

namespace saef::coap {

class Answerer {
 public:
  // `deliver` is posted to the loop with an answer that comes after the handler has returned.
  using Deliver = std::function<void(onem2m::ResponsePrimitive)>;
  Answerer(std::shared_ptr<Loop> loop, const onem2m::RequestPrimitive& request, Deliver deliver);
  ~Answerer();
  Answerer(const Answerer&) = delete;
  Answerer& operator=(const Answerer&) = delete;

  // The first one counts.
  void Answer(onem2m::ResponsePrimitive&& response);
  void AnswerNothing();
  // The handler has returned: what it answered meanwhile, so that it can go with the
  // acknowledgement. From now on answers are delivered.
  std::optional<onem2m::ResponsePrimitive> HandlerReturned();

 private:
  const std::shared_ptr<Loop> loop_;
  const Deliver deliver_;
  // Of the request, for an answer that nobody gives.
  const std::string request_identifier_;
  const std::optional<std::string> release_version_;
  Mutex mutex_;
  std::atomic<bool> answered_{false};  // written under mutex_
  bool returned_ SAEF_GUARDED_BY(mutex_) = false;
  std::optional<onem2m::ResponsePrimitive> early_ SAEF_GUARDED_BY(mutex_);
};

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_ANSWERER_H_
