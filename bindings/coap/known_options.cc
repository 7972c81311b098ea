// SPDX-License-Identifier: GPL-3.0-or-later
//
// Makes libcoap accept oneM2M's critical options. coap_register_option() keeps what it is told in a
// coap_opt_filter_t, which has room for two numbers above 255, and oneM2M has twenty. So every
// program that links this library passes coap_option_filter_get() through here
// (-Wl,--wrap=coap_option_filter_get): a context that knows oneM2M-RQI knows them all. Contexts
// that never registered it, of a host's own, are left as they were.
#include <coap3/coap.h>

#include "bindings/coap/library.h"
#include "bindings/coap/options.h"

namespace {

constexpr std::uint16_t kMarker =
    saef::coap::OptionOf(saef::coap::Parameter::kRequestIdentifier).new_number;

}  // namespace

extern "C" {

int __real_coap_option_filter_get(coap_opt_filter_t* filter, coap_option_num_t number);
int __wrap_coap_option_filter_get(coap_opt_filter_t* filter, coap_option_num_t number);

int __wrap_coap_option_filter_get(coap_opt_filter_t* filter, coap_option_num_t number) {
  const int known = __real_coap_option_filter_get(filter, number);
  if (known > 0 || saef::coap::FindOption(number) == nullptr) return known;
  return __real_coap_option_filter_get(filter, kMarker);
}

}  // extern "C"

namespace saef::coap {

void RegisterOptions(coap_context_t* context) { coap_register_option(context, kMarker); }

}  // namespace saef::coap
