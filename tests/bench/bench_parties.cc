// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/bench_parties.h"

#include <time.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <utility>

#include "bindings/uri.h"
#include "onem2m/test_folder.h"
#include "tests/bench/filled_store.h"

namespace saef::bench {
namespace {

using tools::ChildProcess;

constexpr std::chrono::seconds kStartTimeout{120};
const std::string kKm(64, '5');  // of all clients of the MAF

// In memory where the system has such a folder, so that a store that is filled waits for no disk.
std::filesystem::path FolderOfFolders() {
  std::error_code error;
  std::filesystem::path memory = "/dev/shm";
  if (access(memory.c_str(), W_OK | X_OK) == 0) return memory;
  return std::filesystem::temp_directory_path(error);
}

std::string MafJson(std::size_t keys, const std::string& more) {
  std::string clients = R"({"kmId":"cse1@maf.example.com","kmFile":"km",)"
                        R"("entityId":"//sp.example.com/cse1","entityType":"CSE"})";
  for (std::size_t i = 0; i < keys; i += kKeysOfSource) {
    clients += R"(,{"kmId":")" + SourceKmId(i) + R"(","kmFile":"km","entityId":")" + SourceAeId(i) +
               R"(","entityType":"AE","mayRegisterFor":["//sp.example.com/cse1"]})";
  }
  return R"({"fqdn":"maf.example.com","listen":["coaps://127.0.0.1:0"],"store":"maf.sqlite",)"
         R"("storeKeyFile":"store.key")" +
         more + R"(,"clients":[)" + clients + "]}";
}

std::string PluginJson(std::uint16_t maf_port, const std::string& more) {
  return R"({"cse":{"id":"/cse1","serviceProvider":"sp.example.com"},"mafs":[)"
         R"({"fqdn":"maf.example.com","keyRetrieval":"coaps://127.0.0.1:)" +
         std::to_string(maf_port) + R"(/kr","kmId":"cse1@maf.example.com","kmFile":"km"}])" + more +
         "}";
}

std::string CseJson(const std::filesystem::path& module, const std::string& more) {
  return R"({"id":"/cse1","serviceProvider":"sp.example.com",)"
         R"("listen":["coaps://127.0.0.1:0","https://127.0.0.1:0"],"plugins":[{"module":")" +
         module.string() + R"(","config":"saef.json"}])" + more + "}";
}

std::uint16_t PortOf(const ChildProcess& process, std::string_view scheme) {
  for (const std::string& text : process.uris()) {
    if (!text.starts_with(std::string(scheme) + "://")) continue;
    if (const auto uri = bindings::Uri::Parse(text)) return uri->port;
  }
  return 0;
}

}  // namespace

std::chrono::nanoseconds ProcessorTime(pid_t process) {
  clockid_t clock{};
  timespec time{};
  if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &time) != 0) return {};
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

double ResidentOctets(pid_t process) {
  std::ifstream statm("/proc/" + std::to_string(process) + "/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  statm >> total >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

std::size_t OpenFiles(pid_t process) {
  std::error_code error;
  const std::filesystem::directory_iterator files("/proc/" + std::to_string(process) + "/fd",
                                                  error);
  return static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

struct BenchParties::State {
  State(const BenchPartiesOptions& wishes) : options(wishes), ids(wishes.keys) {}

  std::optional<std::string> StartMaf();
  std::optional<std::string> StartCse();
  // One of them into `process`.
  std::optional<std::string> Run(const std::string& role, const std::string& configuration,
                                 std::optional<ChildProcess>& process);

  const BenchPartiesOptions options;
  const KeyIds ids;
  onem2m::TestFolder folder{FolderOfFolders()};
  std::optional<ChildProcess> maf;
  std::optional<ChildProcess> cse;
};

std::optional<std::string> BenchParties::State::Run(const std::string& role,
                                                    const std::string& configuration,
                                                    std::optional<ChildProcess>& process) {
  const std::string file = folder.Write(role + ".json", configuration);
  process.reset();
  auto started = ChildProcess::Start(options.command, {role, "--config", file},
                                     folder.Path(role + ".log"), kStartTimeout);
  if (auto* const problem = std::get_if<std::string>(&started)) return std::move(*problem);
  process.emplace(std::move(std::get<ChildProcess>(started)));
  return std::nullopt;
}

std::optional<std::string> BenchParties::State::StartMaf() {
  const std::string store_key(64, '7');
  folder.Write("store.key", store_key);
  folder.Write("km", kKm);
  if (auto problem = FillStore(folder.Path("maf.sqlite"), store_key, ids)) return problem;
  return Run("maf", MafJson(ids.size(), options.maf_more), maf);
}

std::optional<std::string> BenchParties::State::StartCse() {
  // It says goodbye to the MAF, through its relay: a session that stays there takes no ClientHello
  // from the same port.
  cse.reset();
  const std::uint16_t maf_port = PortOf(*maf, "coaps");
  const std::uint16_t to_port = options.relay ? options.relay(maf_port) : maf_port;
  if (to_port == 0) return "there is no relay to the MAF";
  folder.Write("saef.json", PluginJson(to_port, options.plugin_more));
  return Run("cse", CseJson(options.module, options.cse_more), cse);
}

std::variant<BenchParties, std::string> BenchParties::Start(const BenchPartiesOptions& options) {
  auto state = std::make_unique<State>(options);
  if (auto problem = state->StartMaf()) return std::move(*problem);
  if (auto problem = state->StartCse()) return std::move(*problem);
  return BenchParties(std::move(state));
}

BenchParties::BenchParties(std::unique_ptr<State> state) : state_(std::move(state)) {}
BenchParties::BenchParties(BenchParties&&) noexcept = default;
BenchParties& BenchParties::operator=(BenchParties&&) noexcept = default;
BenchParties::~BenchParties() = default;

std::uint16_t BenchParties::port(saef_transport transport) const {
  return PortOf(*state_->cse, transport == SAEF_DTLS ? "coaps" : "https");
}
std::uint16_t BenchParties::maf_port() const { return PortOf(*state_->maf, "coaps"); }
pid_t BenchParties::cse() const { return state_->cse->pid(); }
pid_t BenchParties::maf() const { return state_->maf->pid(); }
std::string BenchParties::cse_statistics_uri() const { return state_->cse->statistics_uri(); }

std::string BenchParties::ReadCseLog() const { return state_->cse->ReadLog(); }
std::string BenchParties::ReadMafLog() const { return state_->maf->ReadLog(); }

PskClient BenchParties::client(std::size_t i, bool asks) const {
  const std::string_view id = state_->ids.text(i);
  return {std::string(id), KeyOf(id), asks ? SourceStem(i) : std::string()};
}

std::vector<PskClient> BenchParties::clients(std::size_t first, std::size_t count,
                                             bool asks) const {
  std::vector<PskClient> several;
  several.reserve(count);
  for (std::size_t i = first; i < first + count; ++i) several.push_back(client(i, asks));
  return several;
}

std::optional<std::string> BenchParties::RestartCse() { return state_->StartCse(); }

}  // namespace saef::bench
