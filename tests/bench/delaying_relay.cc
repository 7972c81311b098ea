// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/delaying_relay.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <list>
#include <map>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "tests/bench/round_trips.h"

namespace saef::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kBuffer = 4 << 20;
constexpr unsigned kBatch = 64;
constexpr std::size_t kLargest = 2048;  // beyond what (D)TLS sends over this path

sockaddr_in Loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int OpenSocket() {
  const int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &kBuffer, sizeof(kBuffer));
  setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &kBuffer, sizeof(kBuffer));
  return descriptor;
}

}  // namespace

class DelayingRelay::Path {
 public:
  Path(DelayingRelay& relay, std::uint16_t to_port) : relay_(relay), to_port_(to_port) {}
  ~Path() {
    const std::uint64_t one = 1;
    if (write(stop_, &one, sizeof(one)) < 0) std::abort();
    if (thread_.joinable()) thread_.join();
    for (const Client& client : clients_) close(client.upstream);
    close(listening_);
    close(stop_);
  }

  // The port; 0: it can't listen.
  std::uint16_t Open() {
    sockaddr_in address = Loopback(0);
    socklen_t size = sizeof(address);
    if (bind(listening_, reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
        getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      return 0;
    }
    thread_ = std::thread([this] { Run(); });
    return ntohs(address.sin_port);
  }

 private:
  // Several datagrams with one system call.
  class Batch {
   public:
    Batch() {
      for (unsigned i = 0; i < kBatch; ++i) {
        parts_[i] = {octets_[i].data(), kLargest};
        messages_[i].msg_hdr.msg_iov = &parts_[i];
        messages_[i].msg_hdr.msg_iovlen = 1;
        messages_[i].msg_hdr.msg_name = &from_[i];
      }
    }
    unsigned Receive(int descriptor) {
      for (auto& message : messages_) message.msg_hdr.msg_namelen = sizeof(sockaddr_in);
      const int count = recvmmsg(descriptor, messages_.data(), kBatch, MSG_DONTWAIT, nullptr);
      return count < 0 ? 0 : static_cast<unsigned>(count);
    }
    std::string_view octets(unsigned i) const { return {octets_[i].data(), messages_[i].msg_len}; }
    const sockaddr_in& from(unsigned i) const { return from_[i]; }

   private:
    std::array<std::array<char, kLargest>, kBatch> octets_{};
    std::array<sockaddr_in, kBatch> from_{};
    std::array<iovec, kBatch> parts_{};
    std::array<mmsghdr, kBatch> messages_{};
  };
  struct Client {
    sockaddr_in address;
    int upstream;
    RoundTrips trips{};
  };
  struct OnItsWay {
    sockaddr_in to;
    std::string octets;
  };

  void Run();
  void FromClients();
  void FromServer(Client& client);
  void Deliver(Clock::time_point now);
  // Who sends from there, a new one if need be. Null where there is no socket left for it.
  Client* Find(const sockaddr_in& address);

  DelayingRelay& relay_;
  const std::uint16_t to_port_;
  const int listening_ = OpenSocket();
  const int stop_ = eventfd(0, EFD_CLOEXEC);
  std::list<Client> clients_;  // who has sent something last is the last
  std::multimap<Clock::time_point, OnItsWay> on_its_way_;  // by when it arrives
  Batch batch_;
  std::thread thread_;
};

void DelayingRelay::Path::Run() {
  // A path takes no time of anybody's: it pushes nobody aside when something comes, and then passes
  // on all that has.
  const sched_param none{};
  static_cast<void>(sched_setscheduler(0, SCHED_BATCH, &none));  // as good without
  for (;;) {
    std::vector<pollfd> sockets = {{stop_, POLLIN, 0}, {listening_, POLLIN, 0}};
    for (const Client& client : clients_) sockets.push_back({client.upstream, POLLIN, 0});
    timespec wait{};
    if (!on_its_way_.empty()) {
      const auto left = std::max(on_its_way_.begin()->first - Clock::now(), Clock::duration(0));
      wait.tv_sec = std::chrono::duration_cast<std::chrono::seconds>(left).count();
      wait.tv_nsec = (left % std::chrono::seconds(1)).count();
    }
    if (ppoll(sockets.data(), sockets.size(), on_its_way_.empty() ? nullptr : &wait, nullptr) < 0) {
      continue;
    }
    if (sockets[0].revents != 0) return;
    std::size_t i = 2;
    for (Client& client : clients_) {
      if (sockets[i++].revents != 0) FromServer(client);
    }
    if (sockets[1].revents != 0) FromClients();
    Deliver(Clock::now());
  }
}

DelayingRelay::Path::Client* DelayingRelay::Path::Find(const sockaddr_in& address) {
  const auto known = std::find_if(clients_.begin(), clients_.end(), [&](const Client& client) {
    return client.address.sin_port == address.sin_port &&
           client.address.sin_addr.s_addr == address.sin_addr.s_addr;
  });
  if (known != clients_.end()) {
    clients_.splice(clients_.end(), clients_, known);
    return &clients_.back();
  }
  const int upstream = OpenSocket();
  const sockaddr_in to = Loopback(to_port_);
  if (connect(upstream, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) != 0) {
    close(upstream);
    return nullptr;
  }
  if (clients_.size() >= kMaxClients) {
    close(clients_.front().upstream);
    clients_.pop_front();
  }
  return &clients_.emplace_back(Client{address, upstream});
}

void DelayingRelay::Path::FromClients() {
  const unsigned count = batch_.Receive(listening_);
  relay_.from_clients_ += count;
  const auto now = Clock::now();
  for (unsigned i = 0; i < count; ++i) {
    Client* const client = Find(batch_.from(i));
    if (client == nullptr) continue;
    const std::string_view octets = batch_.octets(i);
    if (octets.size() > kShort) {
      ++relay_.long_from_clients_;
      if (relay_.delay_us_ > 0) client->trips.Asked(now);
    }
    // What can't be sent is lost, as datagrams may be.
    if (send(client->upstream, octets.data(), octets.size(), 0) < 0) continue;
  }
}

void DelayingRelay::Path::FromServer(Client& client) {
  const unsigned count = batch_.Receive(client.upstream);
  relay_.from_server_ += count;
  const auto now = Clock::now();
  for (unsigned i = 0; i < count; ++i) {
    const auto due = client.trips.Answered(now, std::chrono::microseconds(relay_.delay_us_));
    on_its_way_.emplace_hint(on_its_way_.end(), due,
                             OnItsWay{client.address, std::string(batch_.octets(i))});
  }
}

void DelayingRelay::Path::Deliver(Clock::time_point now) {
  while (!on_its_way_.empty() && on_its_way_.begin()->first <= now) {
    const OnItsWay& first = on_its_way_.begin()->second;
    if (sendto(listening_, first.octets.data(), first.octets.size(), 0,
               reinterpret_cast<const sockaddr*>(&first.to), sizeof(first.to)) < 0) {
      // Lost.
    }
    on_its_way_.erase(on_its_way_.begin());
  }
}

std::variant<std::unique_ptr<DelayingRelay>, std::string> DelayingRelay::Start(
    std::uint16_t to_port, std::chrono::microseconds delay) {
  std::unique_ptr<DelayingRelay> relay(new DelayingRelay());
  relay->SetDelay(delay);
  relay->path_ = std::make_unique<Path>(*relay, to_port);
  relay->port_ = relay->path_->Open();
  if (relay->port_ == 0) return "the relay to the MAF can't listen";
  return relay;
}

DelayingRelay::~DelayingRelay() = default;

}  // namespace saef::bench
