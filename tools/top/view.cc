// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/top/view.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <iterator>
#include <span>
#include <string_view>

namespace saef::tools {
namespace {

constexpr std::size_t kLabelWidth = 12;
constexpr double kMebibyte = 1024.0 * 1024;

// A number of a line; `always`: also where it is 0.
struct Cell {
  const char* label;
  const char* series;
  bool always;
};
struct Line {
  const char* label;
  std::span<const Cell> cells;
};

constexpr Cell kLookUps[] = {
    {"hit", "saef_plugin_lookups_total{outcome=hit}", true},
    {"missed", "saef_plugin_lookup_misses_total", true},
    {"pending", "saef_plugin_lookups_total{outcome=pending}", false},
    {"unknown", "saef_plugin_lookups_total{outcome=unknown}", false},
    {"denied", "saef_plugin_lookups_total{outcome=denied}", false},
    {"unavailable", "saef_plugin_lookups_total{outcome=unavailable}", false},
    {"not mine", "saef_plugin_lookups_total{outcome=not_mine}", false},
    {"invalid", "saef_plugin_lookups_total{outcome=invalid}", false},
    {"remembered", "saef_plugin_refusals_remembered_total", false},
};
constexpr Cell kRetrievals[] = {
    {"key", "saef_plugin_key_retrievals_total{outcome=key}", true},
    {"unknown", "saef_plugin_key_retrievals_total{outcome=unknown}", false},
    {"denied", "saef_plugin_key_retrievals_total{outcome=denied}", false},
    {"unavailable", "saef_plugin_key_retrievals_total{outcome=unavailable}", false},
    {"in flight", "saef_plugin_key_retrievals_in_flight", true},
    {"queued", "saef_plugin_key_retrievals_queued", false},
    {"waiting for them", "saef_plugin_waiters", false},
};
constexpr Cell kReasons[] = {
    {"expired", "saef_plugin_key_retrievals_denied_total{reason=expired}", false},
    {"other SUID", "saef_plugin_key_retrievals_denied_total{reason=suid}", false},
    {"not for this CSE", "saef_plugin_key_retrievals_denied_total{reason=not_for_us}", false},
    {"bad answer", "saef_plugin_key_retrievals_denied_total{reason=bad_answer}", false},
    {"MAF unreachable", "saef_plugin_key_retrievals_unavailable_total{reason=unreachable}", false},
    {"credential refused",
     "saef_plugin_key_retrievals_unavailable_total{reason=credential_refused}", false},
    {"no answer in time", "saef_plugin_key_retrievals_unavailable_total{reason=timeout}", false},
    {"MAF failed", "saef_plugin_key_retrievals_unavailable_total{reason=failed_at_maf}", false},
    {"MAF left alone", "saef_plugin_lookups_unavailable_total{reason=left_alone}", false},
    {"bound reached", "saef_plugin_lookups_unavailable_total{reason=bound}", false},
};
constexpr Cell kKeys[] = {
    {"cached", "saef_plugin_keys_cached", true},
    {"expired", "saef_plugin_keys_removed_total{reason=expired}", false},
    {"evicted", "saef_plugin_keys_removed_total{reason=evicted}", false},
    {"withdrawn", "saef_plugin_keys_removed_total{reason=withdrawn}", false},
    {"observed", "saef_plugin_observations", false},
    {"refusals kept", "saef_plugin_refusals_kept", false},
};
constexpr Cell kAssociations[] = {
    {"open", "saef_plugin_associations", true},
    {"ended early", "saef_plugin_associations_ended_total", false},
    {"checks", "saef_plugin_originator_checks_total", true},
    {"checks refused", "saef_plugin_originator_checks_refused_total", false},
};
constexpr Cell kMafs[] = {
    {"configured", "saef_plugin_issuers", true},
    {"left alone", "saef_plugin_issuers_left_alone", false},
    {"sessions opened", "saef_plugin_maf_sessions_total", true},
    {"enrolments", "saef_plugin_enrolments_total", false},
};
constexpr Cell kCoap[] = {
    {"sessions", "saef_server_sessions{binding=coap}", true},
    {"handshaking", "saef_server_handshakes{binding=coap}", false},
    {"held", "saef_server_held_sessions{binding=coap}", false},
    {"requests", "saef_server_requests_total{binding=coap}", true},
    {"handshakes", "saef_server_handshakes_total{binding=coap,outcome=done}", true},
    {"failed", "saef_server_handshakes_total{binding=coap,outcome=failed}", false},
    {"source bound", "saef_server_refused_total{binding=coap,reason=source_bound}", false},
    {"total bound", "saef_server_refused_total{binding=coap,reason=total_bound}", false},
    {"held bound", "saef_server_refused_total{binding=coap,reason=held_bound}", false},
    {"held too long", "saef_server_refused_total{binding=coap,reason=held_too_long}", false},
    {"observed", "saef_server_observed_resources{binding=coap}", false},
};
constexpr Cell kHttp[] = {
    {"sessions", "saef_server_sessions{binding=http}", true},
    {"handshaking", "saef_server_handshakes{binding=http}", false},
    {"held", "saef_server_held_sessions{binding=http}", false},
    {"requests", "saef_server_requests_total{binding=http}", true},
    {"handshakes", "saef_server_handshakes_total{binding=http,outcome=done}", true},
    {"failed", "saef_server_handshakes_total{binding=http,outcome=failed}", false},
    {"source bound", "saef_server_refused_total{binding=http,reason=source_bound}", false},
    {"total bound", "saef_server_refused_total{binding=http,reason=total_bound}", false},
    {"held bound", "saef_server_refused_total{binding=http,reason=held_bound}", false},
    {"held too long", "saef_server_refused_total{binding=http,reason=held_too_long}", false},
};
constexpr Cell kResources[] = {{"resources", "saef_cse_resources", true}};
constexpr Cell kMafKeys[] = {
    {"stored", "saef_maf_keys", true},
    {"expired", "saef_maf_keys_expired_total", false},
    {"requests waiting", "saef_maf_requests_waiting", false},
    {"transactions", "saef_maf_transactions_total", false},
};
constexpr Line kLines[] = {
    {"Look-ups", kLookUps}, {"Retrievals", kRetrievals},   {"No key for", kReasons},
    {"Keys", kKeys},        {"Associated", kAssociations}, {"MAFs", kMafs},
    {"Keys", kMafKeys},     {"Tree", kResources},          {"CoAP", kCoap},
    {"HTTP", kHttp},
};
// Whose outcomes are whatever was answered.
struct Family {
  const char* label;
  std::string_view name;
  bool always;  // also those that are 0
};
constexpr Family kFamilies[] = {
    {"Registered", "saef_maf_registrations_total", true},
    {"Retrieved", "saef_maf_retrievals_total", true},
    {"Updated", "saef_maf_target_updates_total", false},
    {"Taken back", "saef_maf_deregistrations_total", false},
    {"Enrolled", "saef_mef_enrolments_total", true},
    {"Fetched", "saef_mef_fetches_total", true},
    {"Other", "saef_mef_other_requests_total", false},
    {"Other", "saef_maf_other_requests_total", false},
};
struct Times {
  const char* label;
  const char* name;
};
constexpr Times kTimes[] = {{"MAF answers", "saef_plugin_key_retrieval_seconds"},
                            {"Answered in", "saef_maf_request_seconds"},
                            {"Answered in", "saef_mef_request_seconds"}};

std::string Format(const char* format, double value) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), format, value);
  return text.data();
}

std::string Short(double value) { return Format(value < 10 ? "%.1f" : "%.0f", value); }

// "250 µs" would need UTF-8; so milliseconds throughout.
std::string Milliseconds(double seconds) { return Format("%g ms", seconds * 1000); }

std::size_t ColumnsOf(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

class Renderer {
 public:
  Renderer(const Snapshot& now, const Snapshot* before, const ViewOptions& options)
      : now_(now), before_(before), options_(options) {
    if (before_ != nullptr) {
      seconds_ = std::chrono::duration<double>(now.taken - before->taken).count();
      // Another process since.
      const char* const start = "process_start_time_seconds";
      const double moved = now.Value(start).value_or(0) - before->Value(start).value_or(0);
      if (seconds_ <= 0 || moved > 2 || moved < -2) before_ = nullptr;
    }
  }

  std::vector<std::string> Run(const std::string& place) {
    Heading(place);
    for (const Line& line : kLines) AddLine(line);
    for (const Family& family : kFamilies) AddFamily(family);
    for (const Times& times : kTimes) AddTimes(times);
    return std::move(lines_);
  }

 private:
  void Heading(const std::string& place) {
    std::string party = now_.party;
    for (char& c : party) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    std::vector<std::string> cells{party + " " + now_.version};
    if (const auto start = now_.Value("process_start_time_seconds")) {
      cells.push_back("up " + Age(std::max(0.0, static_cast<double>(std::time(nullptr)) - *start)));
    }
    if (const auto spent = Rate("process_cpu_seconds_total")) {
      cells.push_back("processor " + Short(100 * *spent) + " %");
    }
    if (const auto memory = now_.Value("process_resident_memory_bytes")) {
      cells.push_back("memory " + Short(*memory / kMebibyte) + " MiB");
    }
    if (const auto open = now_.Value("process_open_fds")) {
      cells.push_back("descriptors " + Format("%.0f", *open));
    }
    if (const auto threads = now_.Value("process_threads")) {
      cells.push_back("threads " + Format("%.0f", *threads));
    }
    Pack(place, cells, place.size() + 2, 0);
  }

  static std::string Age(double seconds) {
    const auto whole = static_cast<long>(seconds);
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60,
                  whole % 60);
    return text.data();
  }

  // How much of it a second, where that is known.
  std::optional<double> Rate(std::string_view series) const {
    if (before_ == nullptr) return std::nullopt;
    const auto now = now_.Value(series);
    if (!now) return std::nullopt;
    return std::max(0.0, (*now - before_->Value(series).value_or(0)) / seconds_);
  }

  std::string CellText(std::string_view label, std::string_view series, double value) const {
    std::string text = std::string(label) + " " + Format("%.0f", value);
    if (series.find("_total") == std::string_view::npos) return text;
    const auto rate = Rate(series);
    if (rate && *rate > 0) text += " (" + Short(*rate) + "/s)";
    return text;
  }

  void AddLine(const Line& line) {
    std::vector<std::string> cells;
    for (const Cell& cell : line.cells) {
      const auto value = now_.Value(cell.series);
      if (value && (cell.always || *value != 0)) {
        cells.push_back(CellText(cell.label, cell.series, *value));
      }
    }
    AddCells(line.label, cells);
  }

  void AddFamily(const Family& family) {
    std::vector<std::string> cells;
    const std::string prefix = std::string(family.name) + "{outcome=";
    for (auto it = now_.values.lower_bound(prefix);
         it != now_.values.end() && it->first.starts_with(prefix); ++it) {
      if (it->second == 0 && !family.always) continue;
      std::string label = it->first.substr(prefix.size(), it->first.size() - prefix.size() - 1);
      std::replace(label.begin(), label.end(), '_', ' ');
      cells.push_back(CellText(label, it->first, it->second));
    }
    AddCells(family.label, cells);
  }

  void AddTimes(const Times& times) {
    const auto found = now_.histograms.find(times.name);
    if (found == now_.histograms.end() || found->second.buckets.empty()) return;
    Histogram histogram = found->second;
    if (before_ != nullptr) Subtract(times.name, histogram);
    if (histogram.count <= 0) {
      AddCells(times.label, {before_ == nullptr ? "none yet" : "none meanwhile"});
      return;
    }
    const auto& first = histogram.buckets.front();
    const auto& last = histogram.buckets[histogram.buckets.size() - 2];
    AddCells(times.label,
             {"mean " + Format("%.1f ms", 1000 * histogram.sum_s / histogram.count),
              "half within " + Quantile(histogram, 0.5), "99 % within " + Quantile(histogram, 0.99),
              Bars(histogram) + " " + Milliseconds(first.bound_s.value_or(0)) + " to " +
                  Format("%g s", last.bound_s.value_or(0))});
  }

  void Subtract(std::string_view name, Histogram& histogram) const {
    const auto found = before_->histograms.find(name);
    if (found == before_->histograms.end()) return;
    const Histogram& earlier = found->second;
    if (earlier.buckets.size() != histogram.buckets.size()) return;
    histogram.count -= earlier.count;
    histogram.sum_s -= earlier.sum_s;
    for (std::size_t i = 0; i < histogram.buckets.size(); ++i) {
      histogram.buckets[i].count -= earlier.buckets[i].count;
    }
  }

  // The bound of the bucket that it lies in.
  static std::string Quantile(const Histogram& histogram, double part) {
    for (const auto& bucket : histogram.buckets) {
      if (bucket.count >= part * histogram.count && bucket.bound_s) {
        return Milliseconds(*bucket.bound_s);
      }
    }
    return "more";
  }

  // A character for each bucket.
  std::string Bars(const Histogram& histogram) const {
    static constexpr const char* kBlocks[] = {" ",      "\u2581", "\u2582", "\u2583", "\u2584",
                                              "\u2585", "\u2586", "\u2587", "\u2588"};
    static constexpr const char* kAscii[] = {" ", ".", ":", "-", "=", "+", "*", "#", "@"};
    std::vector<double> heights;
    double below = 0, highest = 1;
    for (const auto& bucket : histogram.buckets) {
      heights.push_back(bucket.count - below);
      highest = std::max(highest, heights.back());
      below = bucket.count;
    }
    std::string bars = "[";
    for (const double height : heights) {
      // What is there at all is seen.
      const auto step = height <= 0 ? 0 : 1 + static_cast<std::size_t>(7 * height / highest);
      bars += options_.utf8 ? kBlocks[step] : kAscii[step];
    }
    return bars + "]";
  }

  void AddCells(const char* label, const std::vector<std::string>& cells) {
    if (!cells.empty()) Pack("  " + std::string(label), cells, kLabelWidth + 3, kLabelWidth + 3);
  }

  // As many cells a line as fit; the next lines are indented.
  void Pack(std::string label, const std::vector<std::string>& cells, std::size_t first,
            std::size_t indentation) {
    std::string line = std::move(label);
    line.resize(std::max(line.size(), first), ' ');
    bool is_first = true;
    for (const std::string& cell : cells) {
      if (!is_first && ColumnsOf(line) + 2 + ColumnsOf(cell) > options_.width) {
        lines_.push_back(std::move(line));
        line.assign(std::max<std::size_t>(indentation, 2), ' ');
        is_first = true;
      }
      if (!is_first) line += "  ";
      line += cell;
      is_first = false;
    }
    lines_.push_back(std::move(line));
  }

  const Snapshot& now_;
  const Snapshot* before_;
  const ViewOptions& options_;
  double seconds_ = 0;
  std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> RenderSnapshot(const std::string& place, const Snapshot& now,
                                        const Snapshot* before, const ViewOptions& options) {
  return Renderer(now, before, options).Run(place);
}

}  // namespace saef::tools
