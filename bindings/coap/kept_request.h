// SPDX-License-Identifier: GPL-3.0-or-later
//
// KeptRequest: a copy of a request that outlives libcoap's callback, and its session with it. On
// the loop's thread, to its end.
#ifndef SAEF_BINDINGS_COAP_KEPT_REQUEST_H_
#define SAEF_BINDINGS_COAP_KEPT_REQUEST_H_

#include <coap3/coap.h>

#include "bindings/coap/received_request.h"

namespace saef::coap {

class KeptRequest {
 public:
  explicit KeptRequest(const ReceivedRequest& of);
  ~KeptRequest();
  KeptRequest(const KeptRequest&) = delete;
  KeptRequest& operator=(const KeptRequest&) = delete;

  // Its PDU is null where there was no memory for it.
  const ReceivedRequest& get() const { return request_; }

 private:
  ReceivedRequest request_;
  coap_pdu_t* pdu_;
  coap_string_t* query_;
};

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_KEPT_REQUEST_H_
