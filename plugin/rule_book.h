// SPDX-License-Identifier: GPL-3.0-or-later
//
// RuleBook: the application rules of this CSE (plugin/application_rules.h), retrieved through the
// host (saef_host.retrieve): first <serviceSubscribedNode>, then each rule that its ruleLinks name,
// one after the other; again after the configured time.
//
// It fails closed. The rules of one retrieval count only once all of them have come, and no longer
// than kMaxAge retrievals' time: who isn't able to tell allows nothing. A node that is gone, or
// isn't for us, ends them at once; a rule that is gone or can't be read is left out.
//
// Threads: Tick on the plugin's own; the questions from any.
#ifndef SAEF_PLUGIN_RULE_BOOK_H_
#define SAEF_PLUGIN_RULE_BOOK_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bindings/log.h"
#include "onem2m/entity_identifier.h"
#include "onem2m/thread_annotations.h"
#include "plugin/application_rules.h"
#include "plugin/clock.h"
#include "plugin/host.h"
#include "plugin/identity_configuration.h"
#include "plugin/worker.h"

namespace saef::plugin {

class RuleBook {
 public:
  static constexpr int kMaxAge = 3;
  struct Options {
    const ApplicationRulesConfiguration& rules;
    const onem2m::CseId& own;
    const Host& host;
    Worker& worker;  // woken when an answer has come
    bindings::Log log;
    std::chrono::milliseconds timeout;  // for an answer of the host's
  };
  enum class Answer { kAllowed, kRefused, kUnknown };

  explicit RuleBook(const Options& options);
  ~RuleBook();
  RuleBook(const RuleBook&) = delete;
  RuleBook& operator=(const RuleBook&) = delete;

  // Retrieves what is due, takes what has come. Returns when it must run again.
  TimePoint Tick(TimePoint now);

  Answer Ask(const Registration& registration, TimePoint now) const;
  Answer AskForStem(std::string_view credential_id, std::string_view stem, TimePoint now) const;

 private:
  class Inbox;
  struct Book {
    std::vector<ApplicationRule> rules;
    TimePoint until{};
  };

  void Retrieve(const std::string& to, TimePoint now);
  void Take(std::int32_t status, const std::string& content, TimePoint now);
  void TakeNode(const std::string& content, TimePoint now);
  void TakeRule(std::int32_t status, const std::string& content, TimePoint now);
  void NextRule(TimePoint now);
  void Finish(TimePoint now);
  void Fail(const std::string& why, TimePoint now);
  void Drop();
  std::shared_ptr<const Book> Current(TimePoint now) const;

  const Options options_;
  const std::shared_ptr<Inbox> inbox_;
  // Of the retrieval under way; on the plugin's thread only.
  std::uintptr_t waiting_for_ = 0;  // 0: none
  TimePoint due_{};                 // of the answer, or of the next retrieval
  std::vector<std::string> links_;
  std::size_t next_link_ = 0;
  std::vector<ApplicationRule> rules_;
  bool has_node_ = false;
  std::chrono::seconds pause_{1};

  mutable Mutex mutex_;
  std::shared_ptr<const Book> book_ SAEF_GUARDED_BY(mutex_);
};

}  // namespace saef::plugin

#endif  // SAEF_PLUGIN_RULE_BOOK_H_
