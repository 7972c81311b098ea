// SPDX-License-Identifier: GPL-3.0-or-later
#include "bindings/coap/kept_request.h"

namespace saef::coap {

KeptRequest::KeptRequest(const ReceivedRequest& of) : request_(of) {
  coap_session_reference(request_.coap_session);
  const coap_bin_const_t token = coap_pdu_get_token(of.pdu);
  pdu_ = coap_pdu_duplicate(of.pdu, of.coap_session, token.length, token.s, nullptr);
  query_ = of.query == nullptr ? nullptr : coap_get_query(of.pdu);
  request_.pdu = pdu_;
  request_.query = query_;
}

KeptRequest::~KeptRequest() {
  coap_delete_pdu(pdu_);
  coap_delete_string(query_);
  coap_session_release(request_.coap_session);
}

}  // namespace saef::coap
