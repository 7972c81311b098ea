// SPDX-License-Identifier: GPL-3.0-or-later
#include "plugin/rule_book.h"

#include <algorithm>
#include <cerrno>
#include <unordered_map>
#include <utility>

#include "onem2m/response_status_code.h"

namespace saef::plugin {

using bindings::LogLevel;
using onem2m::ResponseStatusCode;

// Where the host's answer comes in, on any thread, also after the RuleBook is gone: `done_context`
// is a number that only this table knows, so that an answer too late, or given twice, finds nobody.
class RuleBook::Inbox : public std::enable_shared_from_this<Inbox> {
 public:
  struct Letter {
    std::uintptr_t number = 0;
    std::int32_t status = 0;
    std::string content;
  };

  explicit Inbox(Worker& worker) : worker_(&worker) {}

  std::uintptr_t Expect() {
    Desk& desk = TheDesk();
    const MutexLock lock(desk.mutex);
    desk.open.emplace(++desk.last, shared_from_this());
    return desk.last;
  }
  static void Forget(std::uintptr_t number) {
    Desk& desk = TheDesk();
    const MutexLock lock(desk.mutex);
    desk.open.erase(number);
  }
  std::optional<Letter> Take() {
    const MutexLock lock(mutex_);
    return std::exchange(letter_, std::nullopt);
  }
  // The worker is about to go.
  void Close() {
    const MutexLock lock(mutex_);
    worker_ = nullptr;
  }

  // No exception reaches the host's thread: without memory there is no answer, and the time for it
  // runs out.
  static void Deliver(void* context, std::int32_t status, const char* content,
                      std::size_t length) noexcept {
    const int kept = errno;
    try {
      Put(reinterpret_cast<std::uintptr_t>(context), status, content, length);
    } catch (...) {
    }
    errno = kept;
  }

 private:
  static void Put(std::uintptr_t number, std::int32_t status, const char* content,
                  std::size_t length) {
    std::shared_ptr<Inbox> inbox;
    {
      Desk& desk = TheDesk();
      const MutexLock lock(desk.mutex);
      const auto it = desk.open.find(number);
      if (it == desk.open.end()) return;
      inbox = std::move(it->second);
      desk.open.erase(it);
    }
    Letter letter{number, status, {}};
    // Beyond the bound it is no rule, and the parser says so.
    if (content != nullptr) letter.content.assign(content, std::min(length, kMaxRuleContent + 1));
    const MutexLock lock(inbox->mutex_);
    inbox->letter_ = std::move(letter);
    if (inbox->worker_ != nullptr) inbox->worker_->Wake();
  }

  struct Desk {
    Mutex mutex;
    std::uintptr_t last SAEF_GUARDED_BY(mutex) = 0;
    std::unordered_map<std::uintptr_t, std::shared_ptr<Inbox>> open SAEF_GUARDED_BY(mutex);
  };
  // Never destroyed: an answer may come while the process ends.
  static Desk& TheDesk() {
    static Desk* const desk = new Desk;
    return *desk;
  }

  Mutex mutex_;
  Worker* worker_ SAEF_GUARDED_BY(mutex_);
  std::optional<Letter> letter_ SAEF_GUARDED_BY(mutex_);
};

RuleBook::RuleBook(const Options& options)
    : options_(options), inbox_(std::make_shared<Inbox>(options.worker)) {}

RuleBook::~RuleBook() {
  Inbox::Forget(waiting_for_);
  inbox_->Close();
}

TimePoint RuleBook::Tick(TimePoint now) {
  // Each step may be answered within the call, so there may be more than one.
  while (auto letter = inbox_->Take()) {
    if (letter->number != waiting_for_) continue;  // too late
    waiting_for_ = 0;
    Take(letter->status, letter->content, now);
  }
  if (now >= due_) {
    if (waiting_for_ != 0) {
      Inbox::Forget(std::exchange(waiting_for_, 0));
      Fail("the host hasn't answered", now);
    } else {
      has_node_ = false;
      Retrieve(options_.rules.node, now);
    }
  }
  return due_;
}

void RuleBook::Retrieve(const std::string& to, TimePoint now) {
  waiting_for_ = inbox_->Expect();
  due_ = now + options_.timeout;
  // NOLINTNEXTLINE(performance-no-int-to-ptr): a number that comes back, never a pointer
  options_.host.Retrieve(to, Inbox::Deliver, reinterpret_cast<void*>(waiting_for_));
}

void RuleBook::Take(std::int32_t status, const std::string& content, TimePoint now) {
  if (has_node_) return TakeRule(status, content, now);
  if (status == Number(ResponseStatusCode::kOk)) return TakeNode(content, now);
  const bool is_gone = status == Number(ResponseStatusCode::kNotFound) ||
                       status == Number(ResponseStatusCode::kOriginatorHasNoPrivilege);
  if (is_gone) Drop();
  Fail("the node is answered " + std::to_string(status), now);
}

void RuleBook::TakeNode(const std::string& content, TimePoint now) {
  auto links = ParseRuleLinks(content, options_.own);
  if (!links) {
    Drop();
    return Fail("the node isn't as it must be: " + links.error().message(), now);
  }
  has_node_ = true;
  links_ = std::move(*links);
  next_link_ = 0;
  rules_.clear();
  NextRule(now);
}

void RuleBook::NextRule(TimePoint now) {
  if (next_link_ == links_.size()) return Finish(now);
  Retrieve(links_[next_link_], now);
}

void RuleBook::TakeRule(std::int32_t status, const std::string& content, TimePoint now) {
  const std::string& link = links_[next_link_++];
  const bool is_gone = status == Number(ResponseStatusCode::kNotFound) ||
                       status == Number(ResponseStatusCode::kOriginatorHasNoPrivilege);
  if (status != Number(ResponseStatusCode::kOk) && !is_gone) {
    return Fail("the rule " + bindings::Quote(link) + " is answered " + std::to_string(status),
                now);
  }
  auto rule = is_gone ? onem2m::Result<ApplicationRule>(onem2m::Error::kMissingMember)
                      : ParseApplicationRule(content);
  if (rule) {
    rules_.push_back(std::move(*rule));
  } else {
    options_.log(
        LogLevel::kWarning,
        "the application rule " + bindings::Quote(link) + " allows nothing: " +
            (is_gone ? "it is answered " + std::to_string(status) : rule.error().message()));
  }
  NextRule(now);
}

void RuleBook::Finish(TimePoint now) {
  auto book = std::make_shared<Book>();
  book->rules = std::move(rules_);
  book->until = now + kMaxAge * options_.rules.refresh;
  rules_.clear();
  due_ = now + options_.rules.refresh;
  pause_ = std::chrono::seconds(1);
  const MutexLock lock(mutex_);
  book_ = std::move(book);
}

// Tries again soon, then less and less often; the rules that are here count until their age is
// over.
void RuleBook::Fail(const std::string& why, TimePoint now) {
  due_ = now + std::min(pause_, options_.rules.refresh);
  pause_ = std::min(2 * pause_, options_.rules.refresh);
  options_.log(LogLevel::kWarning, "the application rules can't be retrieved from " +
                                       bindings::Quote(options_.rules.node) + ": " + why);
}

void RuleBook::Drop() {
  const MutexLock lock(mutex_);
  book_ = nullptr;
}

std::shared_ptr<const RuleBook::Book> RuleBook::Current(TimePoint now) const {
  const MutexLock lock(mutex_);
  return book_ != nullptr && now < book_->until ? book_ : nullptr;
}

RuleBook::Answer RuleBook::Ask(const Registration& registration, TimePoint now) const {
  const auto book = Current(now);
  if (book == nullptr) return Answer::kUnknown;
  return AllowRegistration(book->rules, registration) ? Answer::kAllowed : Answer::kRefused;
}

RuleBook::Answer RuleBook::AskForStem(std::string_view credential_id, std::string_view stem,
                                      TimePoint now) const {
  const auto book = Current(now);
  if (book == nullptr) return Answer::kUnknown;
  return AllowStem(book->rules, credential_id, stem) ? Answer::kAllowed : Answer::kRefused;
}

}  // namespace saef::plugin
