// SPDX-License-Identifier: GPL-3.0-or-later
//
// The MAF: Key Registrations and Key Retrievals through the real `saef maf`, with its store on
// disk, beside a bare CoAP server over the same DTLS. What is compared is the server's processor
// time for each request, since client and server share the machine; the rates on the wall clock
// stand beside it. The servers have one processor, and so one thread.
#include <algorithm>
#include <memory>
#include <random>
#include <utility>

#include "onem2m/maf_interface.h"
#include "tests/bench/filled_maf.h"
#include "tests/bench/filled_store.h"
#include "tests/bench/group.h"
#include "tests/bench/load.h"
#include "tests/bench/maf_credential.h"
#include "tests/bench/processor_split.h"

namespace saef::bench {
namespace {

constexpr std::size_t kManySessions = 32;
constexpr std::size_t kRequestsOfSession = 16;  // of a kept session
constexpr std::chrono::milliseconds kDuration{50};
constexpr int kRoundsOfRepetition = 8;
constexpr std::chrono::milliseconds kSmokeDuration{20};
constexpr std::size_t kSmokeSessions = 2;
constexpr std::chrono::seconds kStartTimeout{30};
constexpr std::size_t kSmokeKeys = 200;
// Options and content of the MAF's answers, in octets.
constexpr std::size_t kAnswerSize = 330;
constexpr std::size_t kStored[] = {1000, 100000, 1000000};

std::string SizeName(std::size_t keys) {
  return keys >= 1000000 ? std::to_string(keys / 1000000) + "M" : std::to_string(keys / 1000) + "k";
}

onem2m::RequestPrimitive NewRequest(onem2m::Operation operation, std::string to) {
  static std::uint64_t last = 0;
  onem2m::RequestPrimitive request;
  request.operation = operation;
  request.to = std::move(to);
  request.request_identifier = "r" + std::to_string(++last);
  request.release_version = "3";
  return request;
}

// Of any of the stored keys.
onem2m::RequestPrimitive Retrieval(const KeyIds& ids) {
  static std::minstd_rand random(std::random_device{}());
  const std::string kc_id(
      ids.text(std::uniform_int_distribution<std::size_t>(0, ids.size() - 1)(random)));
  auto request =
      NewRequest(onem2m::Operation::kRetrieve, "kr/" + kc_id.substr(0, KeyIds::kRelativeLength));
  request.from = kTargetId;
  request.query = {{"suid", "32"}, {"kcid", kc_id}};
  return request;
}

// With a key of the source's own.
onem2m::RequestPrimitive Registration() {
  auto request = NewRequest(onem2m::Operation::kCreate, "kr");
  request.resource_type = onem2m::maf::kKeyResourceType;
  request.content = R"({"suid":32,"targetIDs":[")" + kTargetId +
                    R"("],"keyValue":"VVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVU="})";
  return request;
}

// One figure: what is asked of whom.
struct MafCase {
  std::string name;
  Load load;
  std::size_t window;
  Load::Next next;
};

class MafMeasurement {
 public:
  MafMeasurement(const Settings& settings, Results& results)
      : settings_(settings), results_(results), smoke_(settings.effort.smoke) {}

  Problem Run() {
    if (auto problem = StartServers()) return problem;
    // Before there are clients, whose threads then stay with them.
    const ProcessorSplit split;
    for (const auto& maf : mafs_) split.PutServer(maf->pid());
    split.PutServer(bare_->pid());
    if (auto problem = AddCases()) return problem;
    // Once beforehand, so that the first round is like the others.
    for (MafCase& each : cases_) {
      if (auto problem = MeasureOne(each, false)) return problem;
    }
    std::minstd_rand random;
    const int rounds = settings_.effort.repetitions * (smoke_ ? 1 : kRoundsOfRepetition);
    for (int i = 0; i < rounds; ++i) {
      std::shuffle(cases_.begin(), cases_.end(), random);
      for (MafCase& each : cases_) {
        if (auto problem = MeasureOne(each, true)) return problem;
      }
    }
    Report();
    return std::nullopt;
  }

 private:
  Problem StartServers() {
    for (const std::size_t keys : kStored) {
      if (keys > settings_.max_keys) continue;
      mafs_.push_back(std::make_unique<FilledMaf>(smoke_ ? kSmokeKeys : keys));
      if (auto problem = mafs_.back()->Start(settings_.saef)) return problem;
    }
    auto bare = tools::ChildProcess::Start(settings_.bare_server, {std::to_string(kAnswerSize)},
                                           folder_.path() / "bare.log", kStartTimeout);
    if (auto* const problem = std::get_if<std::string>(&bare)) return std::move(*problem);
    bare_.emplace(std::move(std::get<tools::ChildProcess>(bare)));
    return std::nullopt;
  }

  Problem AddCases() {
    for (std::size_t i = 0; i < mafs_.size(); ++i) {
      const FilledMaf& maf = *mafs_[i];
      const std::string size = SizeName(kStored[i]);
      const auto retrieve = [&ids = maf.ids()] { return Retrieval(ids); };
      if (auto problem =
              AddBoth("maf/retrieval/" + size, maf.uri(), maf.pid(), kTargetKmId, retrieve)) {
        return problem;
      }
      if (auto problem = AddBoth("maf/registration/" + size, maf.uri(), maf.pid(), SourceKmId(0),
                                 Registration)) {
        return problem;
      }
    }
    const std::string& uri = bare_->uris().front();
    auto problem = AddBoth("maf/bare-retrieval", uri, bare_->pid(), kTargetKmId,
                           [&ids = mafs_.front()->ids()] { return Retrieval(ids); });
    if (problem) return problem;
    return AddBoth("maf/bare-registration", uri, bare_->pid(), SourceKmId(0), Registration);
  }

  // In one kept session and in many.
  Problem AddBoth(const std::string& name, const std::string& uri, pid_t server,
                  const std::string& km_id, const Load::Next& next) {
    if (auto problem = Add(name + "/kept", uri, server, km_id, 1, kRequestsOfSession, next))
      return problem;
    return Add(name + "/many", uri, server, km_id, smoke_ ? kSmokeSessions : kManySessions, 1,
               next);
  }

  Problem Add(const std::string& name, const std::string& uri, pid_t server,
              const std::string& km_id, std::size_t sessions, std::size_t window,
              const Load::Next& next) {
    const auto& wanted = settings_.effort.wanted;
    const auto begins_so = [&name](const std::string& prefix) { return name.starts_with(prefix); };
    if (!wanted.empty() && std::none_of(wanted.begin(), wanted.end(), begins_so)) {
      return std::nullopt;
    }
    auto connected = Load::Connect(
        {.uri = uri, .server = server, .identity = km_id, .key = kMasterKey, .sessions = sessions});
    if (auto* const problem = std::get_if<std::string>(&connected)) return std::move(*problem);
    names_.push_back(name);
    cases_.push_back({name, std::move(std::get<Load>(connected)), window, next});
    return std::nullopt;
  }

  Problem MeasureOne(MafCase& each, bool counts) {
    const auto result = each.load.Run(each.window, smoke_ ? kSmokeDuration : kDuration, each.next);
    if (const auto* const problem = std::get_if<std::string>(&result)) {
      return each.name + ": " + *problem;
    }
    const LoadResult& load = std::get<LoadResult>(result);
    if (load.answers == 0) return each.name + ": no answer in time";
    if (!counts) return std::nullopt;
    constexpr double kMicroseconds = 1e6;
    const auto answers = static_cast<double>(load.answers);
    measured_.Add({each.name, "us", {load.processor * kMicroseconds / answers}});
    measured_.Add({each.name + "/rate", "1/s", {answers / load.seconds}});
    return std::nullopt;
  }

  // In the order in which they were added, not in that of the last round.
  void Report() {
    for (const std::string& name : names_) {
      for (const std::string& figure : {name, name + "/rate"}) {
        results_.Add(*measured_.Find(figure));
        const std::size_t kind = figure.find('/') + 1;
        const std::size_t size = figure.find('/', kind);
        if (figure.compare(kind, 4, "bare") == 0) continue;
        const std::string way = figure.substr(figure.find('/', size + 1));
        results_.Compare(figure, "maf/bare-" + figure.substr(kind, size - kind) + way);
      }
    }
  }

  const Settings& settings_;
  Results& results_;
  const bool smoke_;
  const tools::TemporaryFolder folder_;
  std::vector<std::unique_ptr<FilledMaf>> mafs_;
  std::optional<tools::ChildProcess> bare_;
  std::vector<MafCase> cases_;
  std::vector<std::string> names_;
  Results measured_;
};

}  // namespace

Problem MeasureMaf(const Settings& settings, Results& results) {
  return MafMeasurement(settings, results).Run();
}

}  // namespace saef::bench
