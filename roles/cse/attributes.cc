// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/attributes.h"

#include <rapidjson/document.h>

#include <algorithm>
#include <array>

#include "bindings/log.h"
#include "onem2m/json.h"
#include "roles/cse/attribute_rules.h"

namespace saef::cse {
namespace {

using onem2m::Operation;
using onem2m::ResourceType;
using enum onem2m::ResponseStatusCode;

// The names that virtual children have, of the resource types here and of the usual others
// (TS-0001 9.6): a resource of that name could never be addressed.
constexpr std::array<std::string_view, 5> kVirtualNames = {"la", "ol", "fopt", "pcu", "-"};
constexpr std::size_t kMaxNameLength = 64;

Refusal WrongType(std::string_view name, std::string_view right) {
  return Refuse(kContentsUnacceptable, std::string(name) + " must be " + std::string(right));
}

const AttributeRule* FindRule(ResourceType type, std::string_view name) {
  for (const std::span<const AttributeRule> rules : {CommonRules(), RulesOf(type)}) {
    const auto rule =
        std::find_if(rules.begin(), rules.end(), [&](const auto& r) { return r.name == name; });
    if (rule != rules.end()) {
      return &*rule;
    }
  }
  return nullptr;
}

std::string_view View(const rapidjson::Value& value) {
  return {value.GetString(), value.GetStringLength()};
}

Outcome<std::string> ReadText(std::string_view name, const rapidjson::Value& value,
                              const Limits& limits) {
  if (!value.IsString()) {
    return WrongType(name, "a string");
  }
  if (value.GetStringLength() == 0 || value.GetStringLength() > limits.max_text) {
    return Refuse(kBadRequest, std::string(name) + " must have 1 to " +
                                   std::to_string(limits.max_text) + " octets");
  }
  return std::string(View(value));
}

Outcome<AttributeValue> ReadTexts(std::string_view name, const rapidjson::Value& value,
                                  const Limits& limits) {
  if (!value.IsArray()) {
    return WrongType(name, "an array of strings");
  }
  if (value.Size() > limits.max_list) {
    return Refuse(kBadRequest, std::string(name) + " must have at most " +
                                   std::to_string(limits.max_list) + " items");
  }
  std::vector<std::string> texts;
  for (const rapidjson::Value& item : value.GetArray()) {
    Outcome<std::string> text = ReadText(name, item, limits);
    if (!text) {
      return text.error();
    }
    texts.push_back(*std::move(text));
  }
  return AttributeValue(std::move(texts));
}

// A JSON object or array is no xs:anySimpleType; a client that has structure sends it as a string.
Outcome<AttributeValue> ReadScalar(std::string_view name, const rapidjson::Value& value) {
  if (value.IsString()) {
    return AttributeValue(std::string(View(value)));
  }
  if (value.IsNumber() || value.IsBool()) {
    return AttributeValue(JsonText{onem2m::WriteJson(value)});
  }
  return WrongType(name, "a string, a number or a boolean");
}

Outcome<AttributeValue> ReadValue(const AttributeRule& rule, const rapidjson::Value& value,
                                  const Limits& limits) {
  switch (rule.type) {
    case AttributeType::kTexts:
      return ReadTexts(rule.name, value, limits);
    case AttributeType::kScalar:
      return ReadScalar(rule.name, value);
    case AttributeType::kBoolean:
      if (!value.IsBool()) {
        return WrongType(rule.name, "true or false");
      }
      return AttributeValue(value.GetBool());
    case AttributeType::kCount:
      if (!value.IsInt64() || value.GetInt64() < 0) {
        return WrongType(rule.name, "a number that is an integer and not negative");
      }
      return AttributeValue(value.GetInt64());
    case AttributeType::kCseType:
      if (!value.IsInt64() || value.GetInt64() < 1 || value.GetInt64() > 3) {
        return WrongType(rule.name, "1, 2 or 3");
      }
      return AttributeValue(value.GetInt64());
    case AttributeType::kText:
    case AttributeType::kTime:
    case AttributeType::kName:
      break;
  }
  Outcome<std::string> text = ReadText(rule.name, value, limits);
  if (!text) {
    return text.error();
  }
  return AttributeValue(*std::move(text));
}

// rn and et go where the tree keeps them, the rest among the attributes.
std::optional<Refusal> Keep(const AttributeRule& rule, const rapidjson::Value& value,
                            const Limits& limits, Content& content) {
  Outcome<AttributeValue> read = ReadValue(rule, value, limits);
  if (!read) {
    return read.error();
  }
  if (rule.type == AttributeType::kName) {
    const std::string& name = std::get<std::string>(*read);
    if (!IsResourceName(name)) {
      return Refuse(kBadRequest,
                    "rn must be 1 to 64 letters, digits, '-', '.', '_' or '~', and "
                    "not the name of a virtual resource");
    }
    content.name = name;
  } else if (rule.type == AttributeType::kTime) {
    const onem2m::Result<onem2m::Time> time = onem2m::ParseTimestamp(std::get<std::string>(*read));
    if (!time) {
      return Refuse(kBadRequest,
                    std::string(rule.name) + " must be a time in UTC such as 20300131T235959");
    }
    content.expires = *time;
  } else {
    content.attributes.Set(rule.name, *std::move(read));
  }
  return std::nullopt;
}

std::optional<Refusal> ReadMember(std::string_view name, const rapidjson::Value& value,
                                  ResourceType type, Operation operation, const Limits& limits,
                                  Content& content) {
  const AttributeRule* rule = FindRule(type, name);
  if (rule == nullptr) {
    return Refuse(kBadRequest, std::string(RootName(type)) + " has no attribute " +
                                   bindings::Quote(name, 32) + " on this CSE");
  }
  const Presence presence = operation == Operation::kCreate ? rule->create : rule->update;
  if (presence == Presence::kNever) {
    return Refuse(kBadRequest, std::string(name) + " may not be given in a " +
                                   std::string(onem2m::Name(operation)));
  }
  if (!value.IsNull()) {
    return Keep(*rule, value, limits, content);
  }
  // TS-0004 7.4: null deletes an optional attribute; et is the CSE's again then.
  if (operation != Operation::kUpdate || rule->create == Presence::kMandatory ||
      rule->type == AttributeType::kTime) {
    return Refuse(kBadRequest, std::string(name) + " may not be null here");
  }
  content.removed.emplace_back(name);
  return std::nullopt;
}

Outcome<Content> ReadMembers(const rapidjson::Value& object, ResourceType type, Operation operation,
                             const Limits& limits) {
  Content content;
  for (const auto& member : object.GetObject()) {
    if (std::optional<Refusal> refusal =
            ReadMember(View(member.name), member.value, type, operation, limits, content)) {
      return *std::move(refusal);
    }
  }
  if (operation == Operation::kCreate) {
    for (const AttributeRule& rule : RulesOf(type)) {
      if (rule.create == Presence::kMandatory && content.attributes.Find(rule.name) == nullptr) {
        return Refuse(kBadRequest,
                      std::string(RootName(type)) + " needs " + std::string(rule.name));
      }
    }
  }
  return content;
}

// Every item of this list starts with one of these characters.
std::optional<Refusal> CheckStarts(const Content& content, std::string_view name,
                                   std::string_view starts) {
  const AttributeValue* value = content.attributes.Find(name);
  const auto* items = value == nullptr ? nullptr : std::get_if<std::vector<std::string>>(value);
  if (items != nullptr && !std::all_of(items->begin(), items->end(), [&](const std::string& item) {
        return starts.find(item.front()) != std::string_view::npos;
      })) {
    return Refuse(kBadRequest,
                  std::string(name) + ": each item must start with one of " + std::string(starts));
  }
  return std::nullopt;
}

// What types alone don't say.
std::optional<Refusal> CheckMeaning(const Content& content, ResourceType type) {
  if (type == ResourceType::kAe && content.attributes.Find("api") != nullptr) {
    const std::string api = content.attributes.Text("api");
    // TS-0001 7.2: App-ID: "R" registered or "N" not registered, and then the rest.
    if (api.size() < 2 || (api[0] != 'R' && api[0] != 'N')) {
      return Refuse(kBadRequest, "api must start with R or N and go on");
    }
  }
  if (type == ResourceType::kServiceSubscribedAppRule) {
    // TS-0004 7.4.29.2.1 and 7.4.29.2.3; TS-0001 9.6.29 for allowedAEs.
    std::optional<Refusal> refusal = CheckStarts(content, "aai", "*RN");
    return refusal ? refusal : CheckStarts(content, "aae", "*CS");
  }
  return std::nullopt;
}

Outcome<Content> Read(std::string_view json, ResourceType type, Operation operation,
                      const Limits& limits) {
  if (json.empty()) {
    return Refuse(kBadRequest, "content is needed: {\"" + std::string(RootName(type)) + "\": {…}}");
  }
  const onem2m::Result<rapidjson::Document> document = onem2m::ParseJson(json);
  if (!document) {
    return Refuse(kBadRequest, "the content isn't JSON: " + document.error().message());
  }
  if (!document->IsObject() || document->MemberCount() != 1 ||
      View(document->MemberBegin()->name) != RootName(type) ||
      !document->MemberBegin()->value.IsObject()) {
    return Refuse(kBadRequest, "the content must be an object with the one member \"" +
                                   std::string(RootName(type)) + "\", itself an object");
  }
  Outcome<Content> content = ReadMembers(document->MemberBegin()->value, type, operation, limits);
  if (content) {
    if (std::optional<Refusal> refusal = CheckMeaning(*content, type)) {
      return *std::move(refusal);
    }
  }
  return content;
}

std::size_t SizeOf(const AttributeValue& value) {
  struct Sizer {
    std::size_t operator()(bool) const { return 1; }
    std::size_t operator()(std::int64_t) const { return 8; }
    std::size_t operator()(const std::string& text) const { return text.size(); }
    std::size_t operator()(const JsonText& json) const { return json.text.size(); }
    std::size_t operator()(const std::vector<std::int64_t>& list) const { return 8 * list.size(); }
    std::size_t operator()(const std::vector<std::string>& list) const {
      std::size_t sum = 0;
      for (const std::string& text : list) {
        sum += text.size();
      }
      return sum;
    }
  };
  return std::visit(Sizer{}, value);
}

}  // namespace

const AttributeValue* Attributes::Find(std::string_view name) const noexcept {
  const auto item =
      std::find_if(items_.begin(), items_.end(), [&](const auto& i) { return i.first == name; });
  return item == items_.end() ? nullptr : &item->second;
}

std::int64_t Attributes::Integer(std::string_view name, std::int64_t otherwise) const noexcept {
  const AttributeValue* value = Find(name);
  const auto* number = value == nullptr ? nullptr : std::get_if<std::int64_t>(value);
  return number == nullptr ? otherwise : *number;
}

std::string Attributes::Text(std::string_view name) const {
  const AttributeValue* value = Find(name);
  const auto* text = value == nullptr ? nullptr : std::get_if<std::string>(value);
  return text == nullptr ? std::string() : *text;
}

void Attributes::Set(std::string_view name, AttributeValue value) {
  for (auto& item : items_) {
    if (item.first == name) {
      item.second = std::move(value);
      return;
    }
  }
  items_.emplace_back(name, std::move(value));
}

void Attributes::Remove(std::string_view name) {
  std::erase_if(items_, [&](const auto& item) { return item.first == name; });
}

std::size_t Attributes::size() const {
  std::size_t sum = 0;
  for (const auto& [name, value] : items_) {
    sum += name.size() + SizeOf(value);
  }
  return sum;
}

std::string_view RootName(ResourceType type) noexcept {
  switch (type) {
    case ResourceType::kAe:
      return "m2m:ae";
    case ResourceType::kContainer:
      return "m2m:cnt";
    case ResourceType::kContentInstance:
      return "m2m:cin";
    case ResourceType::kCseBase:
      return "m2m:cb";
    case ResourceType::kRemoteCse:
      return "m2m:csr";
    case ResourceType::kM2mServiceSubscriptionProfile:
      return "m2m:mssp";
    case ResourceType::kServiceSubscribedNode:
      return "m2m:svsn";
    case ResourceType::kServiceSubscribedAppRule:
      return "m2m:asar";
    default:
      return {};
  }
}

bool IsOffered(int type) noexcept {
  return type == static_cast<int>(ResourceType::kM2mServiceSubscriptionProfile) ||
         !RulesOf(static_cast<ResourceType>(type)).empty();
}

bool IsResourceName(std::string_view text) noexcept {
  const auto unreserved = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
  };
  return !text.empty() && text.size() <= kMaxNameLength && text != "." && text != ".." &&
         text != "~" && text != "_" && std::all_of(text.begin(), text.end(), unreserved) &&
         std::find(kVirtualNames.begin(), kVirtualNames.end(), text) == kVirtualNames.end();
}

Outcome<Content> ReadCreate(std::string_view json, ResourceType type, const Limits& limits) {
  return Read(json, type, Operation::kCreate, limits);
}

Outcome<Content> ReadUpdate(std::string_view json, ResourceType type, const Limits& limits) {
  return Read(json, type, Operation::kUpdate, limits);
}

}  // namespace saef::cse
