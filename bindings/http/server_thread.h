// SPDX-License-Identifier: GPL-3.0-or-later
//
// ServerThread: one thread of the HTTP server: an io_context, the connections that it was given,
// and the gate that their handshakes wait at. Threads of one server share nothing but options and
// the handler.
#ifndef SAEF_BINDINGS_HTTP_SERVER_THREAD_H_
#define SAEF_BINDINGS_HTTP_SERVER_THREAD_H_

#include <array>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "bindings/certificate_session.h"
#include "bindings/http/server_connection.h"
#include "bindings/http/server_keys.h"
#include "bindings/server.h"
#include "bindings/server_statistics.h"
#include "bindings/server_threads.h"
#include "bindings/session_bounds.h"
#include "onem2m/thread_annotations.h"

namespace saef::http {

class ServerThread final : public ServerConnection::Owner {
 public:
  // What all threads of a server have in common; must outlive them.
  struct Common {
    const bindings::ServerOptions& options;
    const bindings::CertificateParty& certificates;
    bindings::RequestHandler& handler;
  };

  ServerThread(const Common& common, bindings::ServerPart part);
  // Runs `last` on the thread, ends all connections, joins; no handler call runs afterwards.
  void Stop(std::function<void()> last = {});
  ~ServerThread();  // NOLINT(bugprone-exception-escape): as in server_thread.cc
  ServerThread(const ServerThread&) = delete;
  ServerThread& operator=(const ServerThread&) = delete;

  // Before anything is secure. kBadRequest: there are no keys; kLibrary.
  bindings::Result<void> OpenKeys();
  // kLibrary: no thread.
  bindings::Result<void> Start();

  // Its connections' executor; who else uses it must be done when `last` of Stop has run.
  boost::asio::io_context& io() { return io_; }
  // A connection of io(), which is this thread's from now on. Any thread.
  void Take(boost::asio::ip::tcp::socket socket, bool secure, std::string peer,
            bindings::SessionBounds::Place place);
  // Connections, with those that it was given and hasn't seen yet. Any thread.
  std::size_t load() const { return load_.load(); }

  // As those of bindings::Server; any thread.
  void EndAssociation(saef_association association);
  bindings::ServerStatistics statistics() const { return counters_.Read(); }

  // ServerConnection::Owner, on the thread.
  void Established(ServerConnection& connection) override;
  void Closed(ServerConnection& connection) override;
  void GateMoved() override;
  void CountRequest() override { counters_.requests.Add(); }
  void Log(bindings::LogLevel level, const std::string& text) override {
    if (options_.log) options_.log(level, text);
  }
  const bindings::ServerOptions& options() const override { return options_; }
  bindings::RequestHandler& handler() override { return handler_; }
  const std::shared_ptr<Mailbox>& mailbox() const override { return mailbox_; }

 private:
  void EndAssociations();
  bool Open(boost::asio::ip::tcp::socket socket, bool secure, const std::string& peer,
            bindings::SessionBounds::Place place);
  void EndAll();
  void Wake();
  void ProcessGate();

  const bindings::ServerOptions& options_;
  const bindings::CertificateParty& certificates_;
  bindings::RequestHandler& handler_;
  const bindings::ServerPart part_;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      io_.get_executor()};
  const std::shared_ptr<Mailbox> mailbox_;
  bindings::ServerCounters counters_;
  std::atomic<std::size_t> load_{0};
  std::atomic<bool> woken_{false};
  Mutex ended_mutex_;
  // Those that EndAssociations hasn't looked at yet; it is under way where there are any.
  std::vector<saef_association> ended_ SAEF_GUARDED_BY(ended_mutex_);
  std::thread thread_;

  // Of the thread's only, once it runs.
  std::optional<ServerKeys> keys_;
  boost::asio::steady_timer gate_timer_;
  std::int64_t gate_deadline_ = -1;
  std::array<std::uint8_t, kScratchSize> scratch_{};
  std::unordered_map<ServerConnection*, std::weak_ptr<ServerConnection>> connections_;
};

}  // namespace saef::http

#endif  // SAEF_BINDINGS_HTTP_SERVER_THREAD_H_
