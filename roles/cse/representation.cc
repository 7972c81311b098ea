// SPDX-License-Identifier: GPL-3.0-or-later
#include "roles/cse/representation.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <string_view>

namespace saef::cse {
namespace {

using onem2m::ResourceType;
using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void Text(Writer& writer, std::string_view text) {
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void Key(Writer& writer, std::string_view name) {
  writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
}

void Member(Writer& writer, std::string_view name, std::string_view text) {
  Key(writer, name);
  Text(writer, text);
}

void Member(Writer& writer, std::string_view name, std::int64_t number) {
  Key(writer, name);
  writer.Int64(number);
}

void WriteValue(Writer& writer, const AttributeValue& value) {
  struct Visitor {
    Writer& writer;
    void operator()(bool flag) const { writer.Bool(flag); }
    void operator()(std::int64_t number) const { writer.Int64(number); }
    void operator()(const std::string& text) const { Text(writer, text); }
    void operator()(const JsonText& json) const {
      writer.RawValue(json.text.data(), json.text.size(), rapidjson::kNumberType);
    }
    void operator()(const std::vector<std::string>& texts) const {
      writer.StartArray();
      for (const std::string& text : texts) {
        Text(writer, text);
      }
      writer.EndArray();
    }
    void operator()(const std::vector<std::int64_t>& numbers) const {
      writer.StartArray();
      for (const std::int64_t number : numbers) {
        writer.Int64(number);
      }
      writer.EndArray();
    }
  };
  std::visit(Visitor{writer}, value);
}

// What the CSE alone sets, by type.
void WriteComputed(Writer& writer, const Resource& resource) {
  if (resource.type == ResourceType::kContainer) {
    Member(writer, "st", resource.state_tag);
    Member(writer, "cni", static_cast<std::int64_t>(resource.instances.size()));
    Member(writer, "cbs", resource.instance_bytes);
  } else if (resource.type == ResourceType::kContentInstance) {
    Member(writer, "st", resource.state_tag);
    Member(writer, "cs", resource.content_size);
  }
}

// m2m:childResourceRef (TS-0004 6.3.5.29).
void WriteReference(Writer& writer, const Resource& resource, std::string_view address) {
  writer.StartObject();
  Member(writer, "nm", resource.name);
  Member(writer, "typ", static_cast<std::int64_t>(resource.type));
  Member(writer, "val", address);
  writer.EndObject();
}

void WriteAttributes(Writer& writer, const Resource& resource,
                     const std::vector<Resource*>* children) {
  writer.StartObject();
  Member(writer, "ty", static_cast<std::int64_t>(resource.type));
  Member(writer, "ri", resource.id);
  Member(writer, "rn", resource.name);
  Member(writer, "pi", resource.parent == nullptr ? std::string_view() : resource.parent->id);
  Member(writer, "ct", onem2m::FormatTimestamp(resource.created));
  Member(writer, "lt", onem2m::FormatTimestamp(resource.modified));
  if (resource.expires) {
    Member(writer, "et", onem2m::FormatTimestamp(*resource.expires));
  }
  for (const auto& [name, value] : resource.attributes) {
    Key(writer, name);
    WriteValue(writer, value);
  }
  WriteComputed(writer, resource);
  if (children != nullptr) {
    Key(writer, "ch");
    writer.StartArray();
    for (const Resource* child : *children) {
      WriteReference(writer, *child, child->id);
    }
    writer.EndArray();
  }
  writer.EndObject();
}

std::string Finish(const rapidjson::StringBuffer& buffer) {
  return {buffer.GetString(), buffer.GetSize()};
}

std::string Address(const Resource& resource, const ResourceTree& tree, bool unstructured) {
  return unstructured ? resource.id : tree.Path(resource);
}

}  // namespace

std::string WriteResource(const Resource& resource, const std::vector<Resource*>* children) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.StartObject();
  Key(writer, RootName(resource.type));
  WriteAttributes(writer, resource, children);
  writer.EndObject();
  return Finish(buffer);
}

std::string WriteAddress(const std::string& address) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.StartObject();
  Member(writer, "m2m:uri", address);
  writer.EndObject();
  return Finish(buffer);
}

std::string WriteAddressAndResource(const std::string& address, const Resource& resource) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.StartObject();
  Key(writer, "m2m:rce");
  writer.StartObject();
  Member(writer, "uri", address);
  Key(writer, RootName(resource.type));
  WriteAttributes(writer, resource, nullptr);
  writer.EndObject();
  writer.EndObject();
  return Finish(buffer);
}

std::string WriteReferences(const std::vector<Resource*>& resources, const ResourceTree& tree,
                            bool unstructured) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.StartObject();
  Key(writer, "m2m:rrl");
  writer.StartObject();
  Key(writer, "rrf");
  writer.StartArray();
  for (const Resource* resource : resources) {
    WriteReference(writer, *resource, Address(*resource, tree, unstructured));
  }
  writer.EndArray();
  writer.EndObject();
  writer.EndObject();
  return Finish(buffer);
}

std::string WriteAddresses(const std::vector<Resource*>& resources, const ResourceTree& tree,
                           bool unstructured) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.StartObject();
  Key(writer, "m2m:uril");
  writer.StartArray();
  for (const Resource* resource : resources) {
    Text(writer, Address(*resource, tree, unstructured));
  }
  writer.EndArray();
  writer.EndObject();
  return Finish(buffer);
}

}  // namespace saef::cse
