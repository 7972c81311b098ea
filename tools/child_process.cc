// SPDX-License-Identifier: GPL-3.0-or-later
#include "tools/child_process.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/process/args.hpp>
#include <boost/process/async_pipe.hpp>
#include <boost/process/child.hpp>
#include <boost/process/io.hpp>
#include <csignal>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include "tools/own_path.h"

namespace saef::tools {
namespace {

namespace bp = boost::process;

constexpr std::string_view kListening = "listening ";
constexpr std::string_view kStatistics = "statistics ";
constexpr std::string_view kReady = "ready";
constexpr std::size_t kMaxLine = 4096;
constexpr std::chrono::seconds kEndTimeout{5};
constexpr std::chrono::milliseconds kEndPoll{5};

}  // namespace

struct ChildProcess::State {
  boost::asio::io_context io;
  bp::async_pipe output{io};
  bp::child child;
  std::filesystem::path log;
  std::vector<std::string> uris;
  std::string statistics_uri;

  // One line of the child's output, or none when it ended or the time is over.
  std::optional<std::string> ReadLine(std::chrono::steady_clock::time_point deadline) {
    std::optional<std::string> line;
    boost::asio::async_read_until(output, boost::asio::dynamic_buffer(pending_, kMaxLine), '\n',
                                  [&](const boost::system::error_code& error, std::size_t length) {
                                    if (!error) line = pending_.substr(0, length - 1);
                                    if (!error) pending_.erase(0, length);
                                  });
    io.restart();
    io.run_until(deadline);
    if (!io.stopped()) {  // the handler refers to this frame: let it end
      output.cancel();
      io.run();
    }
    return line;
  }

 private:
  std::string pending_;
};

ChildProcess::ChildProcess(std::unique_ptr<State> state) : state_(std::move(state)) {}
ChildProcess::ChildProcess(ChildProcess&&) noexcept = default;
ChildProcess& ChildProcess::operator=(ChildProcess&&) noexcept = default;

std::variant<ChildProcess, std::string> ChildProcess::Start(
    const std::vector<std::string>& arguments, const std::filesystem::path& log,
    std::chrono::milliseconds timeout) {
  return Start(OwnPath(), arguments, log, timeout);
}

std::variant<ChildProcess, std::string> ChildProcess::Start(
    const std::filesystem::path& program, const std::vector<std::string>& arguments,
    const std::filesystem::path& log, std::chrono::milliseconds timeout) {
  const std::string name = program.filename().string() + " " + arguments.front();
  ChildProcess process(std::make_unique<State>());
  State& state = *process.state_;
  state.log = log;
  std::error_code error;
  state.child =
      bp::child(program.string(), bp::args(arguments),
                bp::std_in<bp::null, bp::std_out> state.output, bp::std_err > log.string(), error);
  if (error) return name + " can't be started: " + error.message();
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (const auto line = state.ReadLine(deadline)) {
    if (*line == kReady) return process;
    if (line->starts_with(kListening)) state.uris.push_back(line->substr(kListening.size()));
    if (line->starts_with(kStatistics)) state.statistics_uri = line->substr(kStatistics.size());
  }
  return name + " didn't get ready:\n" + process.ReadLog();
}

ChildProcess::~ChildProcess() {
  if (!state_ || !state_->child.valid()) return;
  std::error_code error;
  if (state_->child.running(error)) ::kill(state_->child.id(), SIGTERM);
  // Not child::wait_for, which waits to the end where another child has ended meanwhile.
  const auto deadline = std::chrono::steady_clock::now() + kEndTimeout;
  while (state_->child.running(error) && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(kEndPoll);
  }
  if (state_->child.running(error)) state_->child.terminate(error);
  state_->child.wait(error);
}

const std::vector<std::string>& ChildProcess::uris() const { return state_->uris; }

const std::string& ChildProcess::statistics_uri() const { return state_->statistics_uri; }

pid_t ChildProcess::pid() const { return state_->child.id(); }

std::string ChildProcess::ReadLog() const {
  std::ifstream file(state_->log, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace saef::tools
