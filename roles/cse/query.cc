// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/query.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "bindings/log.h"

namespace saef::cse {
namespace {

using onem2m::Operation;
using enum onem2m::ResponseStatusCode;

constexpr std::size_t kMaxValues = 64;

// Filter criteria and request parameters of the standard that are not offered here.
constexpr std::array<std::string_view, 30> kKnown = {
    "crb", "cra", "ms",   "us",   "sts",  "stb",  "exb",  "exa", "sza", "szb",
    "cty", "atr", "clbl", "palb", "patr", "catr", "ops",  "or",  "smf", "fo",
    "cfs", "cfq", "gq",   "geom", "gmty", "gsf",  "ofst", "arp", "rp",  "da"};

Outcome<long long> ReadNumber(std::string_view name, std::string_view text) {
  long long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) {
    return Refuse(kBadRequest,
                  std::string(name) + " must be a number, not " + bindings::Quote(text, 32));
  }
  return number;
}

Outcome<ResultContent> ReadResultContent(std::string_view text) {
  const Outcome<long long> number = ReadNumber("rcn", text);
  if (!number) {
    return number.error();
  }
  switch (*number) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 5:
    case 6:
    case 11:
      return static_cast<ResultContent>(*number);
    case 4:
    case 7:
    case 8:
    case 9:
    case 10:
    case 12:
      return Refuse(kNotImplemented, "rcn here is one of 0, 1, 2, 3, 5, 6, 11");
    default:
      return Refuse(kBadRequest, "there is no such rcn");
  }
}

// "2+3": one parameter may hold several values (TS-0009 6.2.2.2); '+' may have become a space.
std::vector<std::string_view> Split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find_first_of(separators);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos || parts.size() > kMaxValues) {
      return parts;
    }
    text.remove_prefix(end + 1);
  }
}

std::optional<Refusal> ReadTypes(std::string_view text, Query& query) {
  for (const std::string_view part : Split(text, "+ ")) {
    const Outcome<long long> type = ReadNumber("ty", part);
    if (!type) {
      return type.error();
    }
    query.types.push_back(static_cast<int>(std::min<long long>(*type, 1 << 30)));
  }
  return std::nullopt;
}

std::optional<Refusal> ReadSize(std::string_view name, std::string_view text,
                                std::optional<std::size_t>& size) {
  const Outcome<long long> number = ReadNumber(name, text);
  if (!number) {
    return number.error();
  }
  if (*number < 1) {
    return Refuse(kBadRequest, std::string(name) + " must be at least 1");
  }
  size = static_cast<std::size_t>(*number);
  return std::nullopt;
}

std::optional<Refusal> ReadChoice(std::string_view name, std::string_view text, long long last,
                                  long long& choice) {
  const Outcome<long long> number = ReadNumber(name, text);
  if (!number) {
    return number.error();
  }
  if (*number < 1 || *number > last) {
    return Refuse(kBadRequest, std::string(name) + " must be from 1 to " + std::to_string(last));
  }
  choice = *number;
  return std::nullopt;
}

std::optional<Refusal> ReadParameter(std::string_view name, std::string_view value, Query& query,
                                     std::optional<ResultContent>& result) {
  std::optional<Refusal> refusal;
  long long choice = 0;
  if (name == "rcn") {
    const Outcome<ResultContent> read = ReadResultContent(value);
    if (!read) {
      return read.error();
    }
    result = *read;
  } else if (name == "fu") {
    refusal = ReadChoice(name, value, 3, choice);
    query.discovery = choice == 1;
    if (choice == 3) {
      return Refuse(kNotImplemented, "fu here is 1 or 2");
    }
  } else if (name == "ty") {
    refusal = ReadTypes(value, query);
  } else if (name == "lbl") {
    for (const std::string_view label : Split(value, "+")) {
      query.labels.emplace_back(label);
    }
  } else if (name == "lim") {
    refusal = ReadSize(name, value, query.limit);
  } else if (name == "lvl") {
    refusal = ReadSize(name, value, query.level);
  } else if (name == "drt") {
    refusal = ReadChoice(name, value, 2, choice);
    query.unstructured = choice == 2;
  } else if (name == "rt") {
    refusal = ReadChoice(name, value, 5, choice);
    if (!refusal && choice != 3) {
      return Refuse(kNotImplemented, "only blocking requests, rt=3, are answered");
    }
  } else if (std::find(kKnown.begin(), kKnown.end(), name) != kKnown.end()) {
    return Refuse(kNotImplemented, std::string(name) + " isn't offered");
  } else {
    return Refuse(kBadRequest, "there is no parameter " + bindings::Quote(name, 32));
  }
  return refusal;
}

bool Fits(ResultContent result, Operation operation, bool discovery) {
  switch (result) {
    case ResultContent::kNothing:
      return operation != Operation::kRetrieve;
    case ResultContent::kAttributes:
      return true;  // of a discovery too: Release 1 and 2 peers leave it at the default
    case ResultContent::kAddress:
    case ResultContent::kAddressAndAttributes:
      return operation == Operation::kCreate;
    case ResultContent::kAttributesAndChildReferences:
      return operation == Operation::kRetrieve && !discovery;
    case ResultContent::kChildReferences:
      return operation == Operation::kRetrieve;
    case ResultContent::kDiscoveryReferences:
      return discovery;
  }
  return false;
}

// TS-0001 8.1.2: attributes, but for a discovery its references and for a DELETE nothing.
ResultContent Default(Operation operation, bool discovery) {
  if (operation == Operation::kDelete) {
    return ResultContent::kNothing;
  }
  return discovery ? ResultContent::kDiscoveryReferences : ResultContent::kAttributes;
}

}  // namespace

Outcome<Query> ReadQuery(Operation operation,
                         const std::vector<std::pair<std::string, std::string>>& parameters) {
  Query query;
  std::optional<ResultContent> result;
  for (const auto& [name, value] : parameters) {
    if (std::optional<Refusal> refusal = ReadParameter(name, value, query, result)) {
      return *std::move(refusal);
    }
    if (query.types.size() > kMaxValues || query.labels.size() > kMaxValues) {
      return Refuse(kBadRequest, "too many filter criteria");
    }
  }
  if (query.discovery && operation != Operation::kRetrieve) {
    return Refuse(kBadRequest, "only a RETRIEVE discovers (fu=1)");
  }
  query.result = result.value_or(Default(operation, query.discovery));
  const bool lists = query.discovery || query.result == ResultContent::kChildReferences ||
                     query.result == ResultContent::kAttributesAndChildReferences;
  if (!lists && (!query.types.empty() || !query.labels.empty() || query.level || query.limit)) {
    return Refuse(kNotImplemented, "filter criteria need fu=1 or an rcn with references here");
  }
  if (!Fits(query.result, operation, query.discovery)) {
    return Refuse(kBadRequest, "this rcn isn't one of a " +
                                   std::string(query.discovery ? "discovery" : Name(operation)));
  }
  return query;
}

}  // namespace saef::cse
