// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/answerer.h"

namespace saef::coap {

using onem2m::ResponsePrimitive;

Answerer::Answerer(std::shared_ptr<Loop> loop, const onem2m::RequestPrimitive& request,
                   Deliver deliver)
    : loop_(std::move(loop)),
      deliver_(std::move(deliver)),
      request_identifier_(request.request_identifier),
      release_version_(request.release_version) {}

Answerer::~Answerer() { AnswerNothing(); }

void Answerer::AnswerNothing() {
  if (answered_) return;
  onem2m::RequestPrimitive request;
  request.request_identifier = request_identifier_;
  request.release_version = release_version_;
  Answer(onem2m::RespondWithText(request, onem2m::ResponseStatusCode::kInternalServerError,
                                 "there was no answer"));
}

void Answerer::Answer(ResponsePrimitive&& response) {
  {
    const MutexLock lock(mutex_);
    if (answered_) return;
    answered_ = true;
    if (!returned_) {
      early_ = std::move(response);
      return;
    }
  }
  loop_->Post([deliver = deliver_, response = std::move(response)]() mutable {
    deliver(std::move(response));
  });
}

std::optional<ResponsePrimitive> Answerer::HandlerReturned() {
  const MutexLock lock(mutex_);
  returned_ = true;
  return std::move(early_);
}

}  // namespace saef::coap
