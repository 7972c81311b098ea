// SPDX-License-Identifier: GPL-3.0-or-later
//
// Does a name lie within the subtree that a CA's name constraint describes (RFC 5280 4.2.1.10)?
// Threads: any; pure.
#ifndef SAEF_ONEM2M_NAME_CONSTRAINT_H_
#define SAEF_ONEM2M_NAME_CONSTRAINT_H_

#include <string_view>

namespace saef::onem2m {

struct GeneralName {
  int type;  // wolfSSL's ASN_DNS_TYPE …, which are the tags' numbers of RFC 5280 4.2.1.6
  std::string_view text;  // of a directoryName: the content of its SEQUENCE
};

// `base` is of the name's type. An empty one is all names. Types: dNSName, URI (its host),
// rfc822Name, directoryName, iPAddress, otherName (that of an M2M Device ID by its arcs,
// TS-0003 10.1.1.4.2; else byte for byte); any other byte for byte.
bool LiesWithin(const GeneralName& name, std::string_view base);

}  // namespace saef::onem2m

#endif  // SAEF_ONEM2M_NAME_CONSTRAINT_H_
