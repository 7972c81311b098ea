// SPDX-License-Identifier: GPL-3.0-or-later
//
// Resources as oneM2M JSON (TS-0004 8.4): the content of responses. Pure; the caller holds what
// guards the tree.
#ifndef SAEF_ROLES_CSE_REPRESENTATION_H_
#define SAEF_ROLES_CSE_REPRESENTATION_H_

#include <string>
#include <vector>

#include "roles/cse/resource_tree.h"

namespace saef::cse {

// {"m2m:ae": {"ty": 2, "ri": …}}; with `children` a member "ch" that refers to each of them.
std::string WriteResource(const Resource& resource, const std::vector<Resource*>* children);
// {"m2m:uri": "base/ae1"}.
std::string WriteAddress(const std::string& address);
// {"m2m:rce": {"uri": "base/ae1", "m2m:ae": {…}}}.
std::string WriteAddressAndResource(const std::string& address, const Resource& resource);
// {"m2m:rrl": {"rrf": [{"nm": …, "typ": …, "val": …}]}}.
std::string WriteReferences(const std::vector<Resource*>& resources, const ResourceTree& tree,
                            bool unstructured);
// {"m2m:uril": ["base/ae1", …]}.
std::string WriteAddresses(const std::vector<Resource*>& resources, const ResourceTree& tree,
                           bool unstructured);

}  // namespace saef::cse

#endif  // SAEF_ROLES_CSE_REPRESENTATION_H_
