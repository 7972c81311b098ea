// SPDX-License-Identifier: GPL-3.0-or-later
//
// The oneM2M options of a message, read into one place and checked: each at most once, of the
// length that TS-0008 table 6.2.2.4.0-1 gives, texts as UTF-8, and all from one numbering.
#ifndef SAEF_BINDINGS_COAP_PARAMETERS_H_
#define SAEF_BINDINGS_COAP_PARAMETERS_H_

#include <array>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "bindings/coap/message.h"
#include "bindings/coap/options.h"

namespace saef::coap {

class Parameters {
 public:
  // Reads what is there, also of a message that isn't right: `fault` says what is wrong first,
  // empty if nothing. What the message is a view of must outlive it.
  static Parameters Read(const MessageView& message);

  // kNew as soon as one number is of the new set alone; kNone without any oneM2M option; else kOld.
  OptionSet set() const noexcept { return set_; }
  const std::string& fault() const noexcept { return fault_; }
  std::optional<std::string> Text(Parameter parameter) const;
  std::optional<std::uint32_t> Number(Parameter parameter) const;
  bool Has(Parameter parameter) const { return ValueOf(parameter).has_value(); }

 private:
  const std::optional<std::string_view>& ValueOf(Parameter parameter) const {
    return values_[static_cast<std::size_t>(parameter)];
  }
  void Take(const ParameterOption& option, std::string_view value);

  OptionSet set_ = OptionSet::kNone;
  // By parameter; none: it isn't there.
  std::array<std::optional<std::string_view>, std::size(kParameterOptions)> values_{};
  std::string fault_;
};

// Adds options in a numbering; with kNone adds nothing.
class ParameterWriter {
 public:
  ParameterWriter(Message& message, OptionSet set) : message_(message), set_(set) {}
  // Nothing is added for nullopt. What doesn't fit makes ok() false.
  void Text(Parameter parameter, const std::optional<std::string>& value);
  void Number(Parameter parameter, std::optional<std::uint32_t> value);
  bool ok() const noexcept { return ok_; }

 private:
  void Add(Parameter parameter, std::string value);

  Message& message_;
  OptionSet set_;
  bool ok_ = true;
};

}  // namespace saef::coap

#endif  // SAEF_BINDINGS_COAP_PARAMETERS_H_
