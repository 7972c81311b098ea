// SPDX-License-Identifier: GPL-3.0-or-later
//
// The JSON schema of mef.json. Each "description" is what an error tells the reader to write.
#ifndef SAEF_ROLES_MEF_CONFIGURATION_SCHEMA_H_
#define SAEF_ROLES_MEF_CONFIGURATION_SCHEMA_H_

#include <string_view>

#include "bindings/server_limits.h"
#include "roles/statistics/configuration.h"

namespace saef::mef {

// For end_point::InsertCredentialSchema.
inline constexpr std::string_view kConfigurationSchema = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["fqdn", "listen", "store", "storeKeyFile", "enrolees", "targets"],
  "properties": {
    "fqdn": {
      "type": "string", "minLength": 1, "maxLength": 95,
      "description": "the MEF's fully qualified domain name, in lower case, at most 95 characters"
    },
    "listen": {
      "type": "array", "minItems": 1, "maxItems": 16,
      "description": "a list of 1 to 16 addresses to listen on, such as [\"coaps://127.0.0.1:5686\"]",
      "items": {
        "type": "string", "maxLength": 300,
        "description": "coaps://address:port or https://address:port; port 0 means any free one"
      }
    },
    "store": {
      "type": "string", "minLength": 1, "maxLength": 4096,
      "description": "the file that keeps the enrolment keys; it is made if it isn't there"
    },
    "storeKeyFile": {
      "type": "string", "minLength": 1, "maxLength": 4096,
      "description": "the file with the key of the store: 64 hexadecimal digits, mode 0600"
    },
    "lifetime": {
      "type": "integer", "minimum": 1, "maximum": 315360000,
      "description": "the lifetime of an enrolment, in seconds (1 to 315360000)"
    },
)json" SAEF_STATISTICS_SCHEMA "," SAEF_SERVER_LIMITS_SCHEMA R"json(,
    "certificate": $certificate$,
    "enrolees": {
      "type": "array", "maxItems": 100000,
      "description": "a list of those that may enrol",
      "items": {
        "type": "object", "additionalProperties": false,
        "required": ["entityType"],
        "description": "an object with kpmId and kpmFile or certificateId, entityId, entityType, and mafs or kpsaTargets",
        "properties": {
          "kpmId": {
            "type": "string", "minLength": 1, "maxLength": 128,
            "description": "the Pre-Provisioned Symmetric Enrolee Key Identifier"
          },
          "kpmFile": {
            "type": "string", "minLength": 1, "maxLength": 4096,
            "description": "the file with Kpm: 64 hexadecimal digits, mode 0600"
          },
          "certificateId": {
            "type": "string", "minLength": 4, "maxLength": 256,
            "description": "the Credential-ID of a certificate: 31-, 32-, 33- or 34- and whom it names"
          },
          "entityId": {
            "type": "string", "minLength": 1, "maxLength": 512,
            "description": "the Absolute CSE-ID or AE-ID, such as //sp.example.com/cse1"
          },
          "entityType": {"enum": ["AE", "CSE"], "description": "\"AE\" or \"CSE\""},
          "kpsaTargets": {
            "type": "array", "maxItems": 64,
            "description": "a list of the CSEs and AEs that may fetch Kpsa",
            "items": {
              "type": "string", "minLength": 1, "maxLength": 512,
              "description": "an Absolute CSE-ID or AE-ID, such as //sp.example.com/cse1"
            }
          },
          "mafs": {
            "type": "array", "maxItems": 16,
            "description": "a list of at most 16 MAFs that it is told to enrol with",
            "items": {
              "type": "object", "additionalProperties": false,
              "required": ["fqdn", "keyRegistration", "keyRetrieval"],
              "description": "an object with fqdn, keyRegistration, keyRetrieval and kmIdRetrieval",
              "properties": {
                "fqdn": {
                  "type": "string", "minLength": 1, "maxLength": 95,
                  "description": "the MAF's fully qualified domain name, in lower case"
                },
                "credentialType": {
                  "enum": ["symmetricKey", "certificate"],
                  "description": "\"symmetricKey\" (which it is if left away) or \"certificate\""
                },
                "keyRegistration": {
                  "type": "string", "minLength": 1, "maxLength": 1024,
                  "description": "the MAF's Key Registration URI"
                },
                "keyRetrieval": {
                  "type": "string", "minLength": 1, "maxLength": 1024,
                  "description": "the MAF's Key Retrieval URI"
                },
                "kmIdRetrieval": {
                  "type": "string", "minLength": 1, "maxLength": 1024,
                  "description": "the MAF's KmId Retrieval URI, such as coaps://127.0.0.1:5684/km"
                },
                "trustAnchorFiles": {
                  "type": "array", "maxItems": 8,
                  "description": "a list of PEM files with the CAs of the MAF's certificate",
                  "items": {
                    "type": "string", "minLength": 1, "maxLength": 4096,
                    "description": "a PEM file with CA certificates"
                  }
                }
              }
            }
          }
        }
      }
    },
    "targets": {
      "type": "array", "maxItems": 10000,
      "description": "a list of the MAFs, and others, that fetch credentials",
      "items": {
        "type": "object", "additionalProperties": false,
        "description": "an object with fqdn (a MAF) or entityId (Entity B), and kmId and kmFile or certificateId",
        "properties": {
          "fqdn": {
            "type": "string", "minLength": 1, "maxLength": 95,
            "description": "the MAF's fully qualified domain name, in lower case"
          },
          "entityId": {
            "type": "string", "minLength": 1, "maxLength": 512,
            "description": "the Absolute CSE-ID or AE-ID of Entity B, such as //sp.example.com/cse1"
          },
          "kmId": {
            "type": "string", "minLength": 1, "maxLength": 128,
            "description": "the psk_identity with which it comes"
          },
          "kmFile": {
            "type": "string", "minLength": 1, "maxLength": 4096,
            "description": "the file with the key of that: 64 hexadecimal digits, mode 0600"
          },
          "certificateId": {
            "type": "string", "minLength": 4, "maxLength": 256,
            "description": "the Credential-ID of its certificate; a MAF without one comes with a certificate of its fqdn"
          }
        }
      }
    }
  }
})json";

}  // namespace saef::mef

#endif  // SAEF_ROLES_MEF_CONFIGURATION_SCHEMA_H_
