// SPDX-License-Identifier: GPL-3.0-or-later
//
// Refusal: why a message from outside isn't taken, as the peer is to be told: a response status
// code and a sentence for a person. Text from outside stands in it quoted.
#ifndef SAEF_BINDINGS_HTTP_REFUSAL_H_
#define SAEF_BINDINGS_HTTP_REFUSAL_H_

#include <boost/system/result.hpp>
#include <string>

#include "onem2m/response_status_code.h"

namespace saef::http {

struct Refusal {
  onem2m::ResponseStatusCode status = onem2m::ResponseStatusCode::kBadRequest;
  std::string text;
};

template <typename T>
using Checked = boost::system::result<T, Refusal>;

inline Refusal BadRequest(std::string text) {
  return {onem2m::ResponseStatusCode::kBadRequest, std::move(text)};
}

}  // namespace saef::http

#endif  // SAEF_BINDINGS_HTTP_REFUSAL_H_
