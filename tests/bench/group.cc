// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/group.h"

namespace saef::bench {

const std::vector<Group>& Groups() {
  static const std::vector<Group> groups = {
      {"start", "the module's size, and how long it takes to load and open it", MeasureStart},
      {"memory", "octets for each cached key, association and session", MeasureMemory},
      {"hit", "lookup of a cached key: 1 k, 100 k, 1 M keys, one and two threads", MeasureHit},
      {"not-mine", "identities of others; peek_identity", MeasureNotMine},
      {"primitive", "the originator check of a request, and the whole of one", MeasurePrimitive},
      {"handshake", "handshakes with a cached key, beside a static key and openssl s_server",
       MeasureHandshake},
      {"cold", "an association whose key has to be fetched, in its parts", MeasureCold},
      {"maf", "Key Registrations and Key Retrievals; 1 k, 100 k, 1 M stored keys", MeasureMaf},
      {"storm", "many at once whose keys the CSE hasn't seen, the MAF far away", MeasureStorm},
      {"flood", "honest clients beside invented identities and garbage", MeasureFlood},
  };
  return groups;
}

}  // namespace saef::bench
