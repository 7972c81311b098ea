// SPDX-License-Identifier: GPL-3.0-or-later
//
// Beside libcoap's own functions, which the linker calls __real_…
#include <coap3/coap.h>

#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

extern "C" {
coap_opt_t* __real_coap_check_option(const coap_pdu_t* pdu, coap_option_num_t number,
                                     coap_opt_iterator_t* iterator);
coap_string_t* __real_coap_get_query(const coap_pdu_t* pdu);
coap_string_t* __real_coap_get_uri_path(const coap_pdu_t* pdu);
}

namespace saef::coap::test {
namespace {

using Options = std::vector<std::pair<coap_option_num_t, std::string>>;

struct FreePdu {
  void operator()(coap_pdu_t* pdu) const { coap_delete_pdu(pdu); }
};

std::unique_ptr<coap_pdu_t, FreePdu> Pdu(const Options& options, bool with_payload) {
  std::unique_ptr<coap_pdu_t, FreePdu> pdu(
      coap_pdu_init(COAP_MESSAGE_CON, COAP_REQUEST_CODE_GET, 1, 4096));
  constexpr std::uint8_t kToken[] = {1, 2};
  coap_add_token(pdu.get(), sizeof(kToken), kToken);
  for (const auto& [number, value] : options) {
    coap_add_option(pdu.get(), number, value.size(),
                    reinterpret_cast<const std::uint8_t*>(value.data()));
  }
  if (with_payload) coap_add_data(pdu.get(), sizeof(kToken), kToken);
  return pdu;
}

// "-": null.
std::string Take(coap_string_t* text) {
  if (text == nullptr) return "-";
  std::string taken(reinterpret_cast<const char*>(text->s), text->length);
  // What libcoap ends it with.
  BOOST_TEST(text->s[text->length] == '\0');
  coap_delete_string(text);
  return taken;
}

std::string EveryOctet() {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  return all.substr(0, 255);
}

const std::vector<Options>& Requests() {
  static const std::vector<Options> requests = {
      {},
      {{COAP_OPTION_URI_PATH, ""}},
      {{COAP_OPTION_URI_QUERY, ""}},
      {{COAP_OPTION_URI_PATH, "kr"}, {COAP_OPTION_URI_PATH, "AB"}},
      {{COAP_OPTION_URI_PATH, "~"}, {COAP_OPTION_URI_PATH, ""}, {COAP_OPTION_URI_PATH, "a b%/?"}},
      {{COAP_OPTION_OBSERVE, ""},
       {COAP_OPTION_URI_PATH, "x"},
       {COAP_OPTION_CONTENT_FORMAT, "2"},
       {COAP_OPTION_URI_QUERY, "suid=32"},
       {COAP_OPTION_URI_QUERY, "kcid=A@b.c/?&"},
       {COAP_OPTION_BLOCK2, "\x06"},
       {256, "//sp/c"},
       {283, "r1"}},
      {{COAP_OPTION_URI_QUERY, "a"}, {COAP_OPTION_URI_QUERY, ""}, {COAP_OPTION_URI_QUERY, "b"}},
      {{COAP_OPTION_URI_PATH, EveryOctet()}, {COAP_OPTION_URI_QUERY, EveryOctet()}},
      {{COAP_OPTION_URI_PATH, std::string(255, 'a')},
       {COAP_OPTION_URI_PATH, std::string(255, 'b')},
       {COAP_OPTION_URI_QUERY, std::string(255, 'c')},
       {COAP_OPTION_URI_QUERY, std::string(1, 'd')}},
      {{COAP_OPTION_URI_PATH, "x"}, {COAP_OPTION_PROXY_URI, "coap://h/p/q?r"}},
      {{COAP_OPTION_URI_PATH, "x"}, {COAP_OPTION_PROXY_URI, "nothing"}}};
  return requests;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(option_search)

BOOST_AUTO_TEST_CASE(path_and_query_are_what_libcoap_makes_of_them) {
  for (std::size_t i = 0; i < Requests().size(); ++i) {
    for (const bool with_payload : {false, true}) {
      BOOST_TEST_CONTEXT("request " << i << " payload " << with_payload) {
        const auto pdu = Pdu(Requests()[i], with_payload);
        BOOST_TEST(Take(coap_get_query(pdu.get())) == Take(__real_coap_get_query(pdu.get())));
        // Of a proxy's path libcoap copies no more than the length.
        BOOST_TEST(Take(coap_get_uri_path(pdu.get())) == Take(__real_coap_get_uri_path(pdu.get())));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(an_option_is_found_where_libcoap_finds_it) {
  for (std::size_t i = 0; i < Requests().size(); ++i) {
    for (const bool with_payload : {false, true}) {
      const auto pdu = Pdu(Requests()[i], with_payload);
      for (const coap_option_num_t number :
           {0, 1, 6, 11, 12, 15, 17, 23, 27, 35, 39, 60, 256, 258, 283, 65535}) {
        BOOST_TEST_CONTEXT("request " << i << " option " << number) {
          coap_opt_iterator_t ours;
          coap_opt_iterator_t theirs;
          BOOST_TEST(coap_check_option(pdu.get(), number, &ours) ==
                     __real_coap_check_option(pdu.get(), number, &theirs));
        }
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace saef::coap::test
