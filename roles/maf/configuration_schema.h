// SPDX-License-Identifier: GPL-3.0-or-later
//
// The JSON schema of maf.json. Each "description" is what an error tells the reader to write. What
// stands between dollar signs is put in by InsertEnrolledSchema (enrolled_clients.h).
#ifndef SAEF_ROLES_MAF_CONFIGURATION_SCHEMA_H_
#define SAEF_ROLES_MAF_CONFIGURATION_SCHEMA_H_

#include <string_view>

#include "bindings/server_limits.h"
#include "roles/statistics/configuration.h"

namespace saef::maf {

inline constexpr std::string_view kConfigurationSchema = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["fqdn", "listen", "store", "storeKeyFile", "clients"],
  "properties": {
    "fqdn": {
      "type": "string", "minLength": 1, "maxLength": 95,
      "description": "the MAF's fully qualified domain name, in lower case, at most 95 characters"
    },
    "listen": {
      "type": "array", "minItems": 1, "maxItems": 16,
      "items": {
        "type": "string", "maxLength": 300,
        "description": "coaps://address:port or https://address:port; port 0 means any free one"
      },
      "description": "a list of 1 to 16 addresses to listen on, such as [\"coaps://127.0.0.1:5684\"]"
    },
    "store": {
      "type": "string", "minLength": 1, "maxLength": 4096,
      "description": "the file that keeps the keys; it is made if it isn't there"
    },
    "storeKeyFile": {
      "type": "string", "minLength": 1, "maxLength": 4096,
      "description": "the file with the key of the store: 64 hexadecimal digits, mode 0600"
    },
    "lifetime": {
      "type": "object", "additionalProperties": false,
      "description": "an object with defaultSeconds and maxSeconds",
      "properties": {
        "defaultSeconds": {
          "type": "integer", "minimum": 1, "maximum": 315360000,
          "description": "the lifetime of a key whose source wishes none, in seconds (1 to 315360000)"
        },
        "maxSeconds": {
          "type": "integer", "minimum": 1, "maximum": 315360000,
          "description": "the longest lifetime of a key, in seconds (1 to 315360000)"
        }
      }
    },
    "maxKeysPerClient": {
      "type": "integer", "minimum": 1, "maximum": 10000000,
      "description": "how many live keys one client may have registered (1 to 10000000)"
    },
    "endSessionAfterProcedure": {
      "type": "boolean",
      "description": "true: end the session after each procedure; false: keep it"
    },
    "answerDelayMs": {
      "type": "integer", "minimum": 0, "maximum": 60000,
      "description": "wait so many milliseconds before each answer (0 to 60000; for trials only)"
    },
    "sweepIntervalSeconds": {
      "type": "integer", "minimum": 1, "maximum": 86400,
      "description": "how often expired keys are removed, in seconds (1 to 86400)"
    },
    "certificate": {
      "type": "object", "additionalProperties": false,
      "required": ["chainFile", "keyFile", "trustAnchorFiles"],
      "description": "an object with chainFile, keyFile and trustAnchorFiles",
      "properties": {
        "chainFile": {
          "type": "string", "minLength": 1, "maxLength": 4096,
          "description": "the PEM file with the MAF's certificate and the CAs' up to the anchor"
        },
        "keyFile": {
          "type": "string", "minLength": 1, "maxLength": 4096,
          "description": "the PEM file with its private key, mode 0600"
        },
        "trustAnchorFiles": {
          "type": "array", "minItems": 1, "maxItems": 64,
          "description": "a list of PEM files with the CA certificates that clients' are trusted by",
          "items": {
            "type": "string", "minLength": 1, "maxLength": 4096,
            "description": "a PEM file with CA certificates"
          }
        }
      }
    },
    )json" SAEF_STATISTICS_SCHEMA "," SAEF_SERVER_LIMITS_SCHEMA R"json(,
    "mefs": $mefs$,
    "clients": {
      "type": "array", "maxItems": 100000,
      "description": "a list of the CSEs and AEs that may use this MAF",
      "items": {
        "type": "object", "additionalProperties": false,
        "required": ["entityType"],
        "description": "an object with kmId and kmFile, certificateId or enrolled, entityType, and entityId and mayRegisterFor as needed",
        "properties": {
          "kmId": {
            "type": "string", "minLength": 3, "maxLength": 128,
            "description": "the Master Credential Identifier: name@<fqdn of this MAF>"
          },
          "kmFile": {
            "type": "string", "minLength": 1, "maxLength": 4096,
            "description": "the file with Km: 64 hexadecimal digits, mode 0600"
          },
          "certificateId": {
            "type": "string", "minLength": 4, "maxLength": 256,
            "description": "the Credential-ID of its certificate, such as 33-//sp.example.com/cse1/Cae1 or 32-//sp.example.com/cse1"
          },
          "enrolled": $enrolled$,
          "entityId": {
            "type": "string", "minLength": 1, "maxLength": 512,
            "description": "the Absolute CSE-ID or AE-ID, such as //sp.example.com/cse1 or //sp.example.com/cse1/Cae1"
          },
          "entityType": {
            "enum": ["AE", "CSE"],
            "description": "\"AE\" or \"CSE\""
          },
          "mayRegisterFor": {
            "type": "array", "maxItems": 10000,
            "description": "a list of the Absolute CSE-IDs and AE-IDs for which this client may register keys",
            "items": {
              "type": "string", "minLength": 1, "maxLength": 512,
              "description": "an Absolute CSE-ID or AE-ID, such as //sp.example.com/cse1"
            }
          },
          "mayUpdateTargetsOf": {
            "type": "array", "maxItems": 10000,
            "description": "a list of the Absolute CSE-IDs and AE-IDs, of sources, whose keys' target lists this client may update",
            "items": {
              "type": "string", "minLength": 1, "maxLength": 512,
              "description": "an Absolute CSE-ID or AE-ID, such as //sp.example.com/cse1/Cae1"
            }
          }
        }
      }
    }
  }
})json";

}  // namespace saef::maf

#endif  // SAEF_ROLES_MAF_CONFIGURATION_SCHEMA_H_
