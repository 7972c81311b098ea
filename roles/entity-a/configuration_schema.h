// SPDX-License-Identifier: GPL-3.0-or-later
//
// The JSON schema of entity.json; for $cseCredential$ stands kCseCredentialSchema, and
// end_point::InsertCredentialSchema puts in the rest. Each "description" is what an error tells the
// reader to write.
#ifndef SAEF_ROLES_ENTITY_A_CONFIGURATION_SCHEMA_H_
#define SAEF_ROLES_ENTITY_A_CONFIGURATION_SCHEMA_H_

#include <string_view>

namespace saef::entity_a {

inline constexpr std::string_view kConfigurationSchema = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["cse"],
  "properties": {
    "entityId": {
      "type": "string", "minLength": 1, "maxLength": 512,
      "description": "this entity's Absolute AE-ID or CSE-ID, such as //sp.example.com/cse1/Cae1"
    },
    "entityType": {
      "enum": ["AE", "CSE"],
      "description": "\"AE\" (which it is if left away) or \"CSE\""
    },
    "maf": {
      "type": "object", "additionalProperties": false,
      "required": ["fqdn"],
      "description": "an object with fqdn, keyRegistration, and either kmId and kmFile, certificate or enrolment",
      "properties": {
        "fqdn": {
          "type": "string", "minLength": 1, "maxLength": 95,
          "description": "the MAF's fully qualified domain name, in lower case"
        },
        "keyRegistration": {
          "type": "string", "minLength": 1, "maxLength": 512,
          "description": "the Key Registration URI, such as coaps://127.0.0.1:5684/kr"
        },
        $mafCredential$
      }
    },
    "credential": $cseCredential$,
    "cse": {
      "type": "object", "additionalProperties": false,
      "required": ["id", "uris"],
      "description": "an object with id and uris",
      "properties": {
        "id": {
          "type": "string", "minLength": 1, "maxLength": 512,
          "description": "the CSE's Absolute CSE-ID, such as //sp.example.com/cse1"
        },
        "uris": {
          "type": "array", "minItems": 1, "maxItems": 16,
          "description": "a list of 1 to 16 URIs of the CSE",
          "items": {
            "type": "string", "minLength": 1, "maxLength": 512,
            "description": "coaps://address:port or https://address:port"
          }
        }
      }
    },
    "kc": {
      "enum": ["exported", "self-generated", "printable"],
      "description": "\"exported\" (which it is if left away), \"self-generated\" or \"printable\""
    },
    "lifetimeSeconds": {
      "type": "integer", "minimum": 1, "maximum": 315360000,
      "description": "the wished lifetime of Kc, in seconds (1 to 315360000)"
    },
    "timeoutMs": {
      "type": "integer", "minimum": 100, "maximum": 120000,
      "description": "how long to wait for a handshake or a registration, in milliseconds (100 to 120000)"
    }
  }
})json";

}  // namespace saef::entity_a

#endif  // SAEF_ROLES_ENTITY_A_CONFIGURATION_SCHEMA_H_
