// SPDX-License-Identifier: GPL-3.0-or-later
//
// OptionWalk: the options of a message, one after the other, each parsed once: libcoap's own
// iterator asks a filter about each, and parses it again for its length and for its value.
#ifndef SAEF_BINDINGS_COAP_OPTION_WALK_H_
#define SAEF_BINDINGS_COAP_OPTION_WALK_H_

#include <coap3/coap.h>

#include <cstdint>
#include <string_view>

namespace saef::coap {

class OptionWalk {
 public:
  // Before the first one. The message must outlive it, unchanged.
  explicit OptionWalk(const coap_pdu_t* pdu) {
    if (coap_option_iterator_init(pdu, &iterator_, COAP_OPT_ALL) == nullptr) iterator_.length = 0;
  }
  // Goes to the next one. False: that was the last.
  bool Next() {
    if (iterator_.length == 0) return false;
    // Nothing of the payload's marker.
    const std::size_t size = coap_opt_parse(iterator_.next_option, iterator_.length, &option_);
    if (size == 0) return false;
    at_ = iterator_.next_option;
    iterator_.next_option += size;
    iterator_.length -= size;
    iterator_.number = static_cast<coap_option_num_t>(iterator_.number + option_.delta);
    return true;
  }

  // Where it is. Views of the message.
  coap_option_num_t number() const { return iterator_.number; }
  std::string_view value() const {
    return {reinterpret_cast<const char*>(option_.value), option_.length};
  }
  coap_opt_t* option() const { return at_; }
  // libcoap's, at the same place.
  const coap_opt_iterator_t& iterator() const { return iterator_; }

 private:
  coap_opt_iterator_t iterator_;
  coap_option_t option_{};
  coap_opt_t* at_ = nullptr;
};

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_OPTION_WALK_H_
