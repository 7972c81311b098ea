// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/loaded_plugin.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "tests/bench/scripted_maf.h"

namespace saef::bench {
namespace {

// Fetches under way at once: enough to keep the MAF and us busy.
constexpr std::size_t kWindow = 1024;

std::string Configuration(std::uint16_t maf_port, std::size_t max_keys) {
  return R"({"cse": {"id": "/cse1", "serviceProvider": "sp.example.com"},
"mafs": [{"fqdn": "maf.example.com", "keyRetrieval": "coaps://127.0.0.1:)" +
         std::to_string(maf_port) + R"(/kr", "kmId": ")" + kKmId + R"(", "kmFile": "cse1.km"}],
"cache": {"maxKeys": )" +
         std::to_string(max_keys) + R"(, "maxAgeSeconds": 604800},
"fetch": {"timeoutMs": 120000, "maxInFlight": 4096}, "observe": false,
"associations": {"max": 1000000}})";
}

std::int32_t IsRegisteredAe(void* /*context*/, const char* ae_id, std::size_t length) {
  return std::string_view(ae_id, length) == kPlainAe ? SAEF_YES : SAEF_NO;
}

// What is being fetched.
struct Window {
  std::mutex mutex;
  std::condition_variable moved;
  std::size_t under_way = 0;
  std::size_t failed = 0;

  static void Done(void* context, saef_ticket /*ticket*/, std::int32_t outcome) {
    auto* const window = static_cast<Window*>(context);
    const std::lock_guard lock(window->mutex);
    --window->under_way;
    if (outcome != SAEF_KEY) ++window->failed;
    window->moved.notify_one();
  }
};

}  // namespace

std::optional<std::string> LoadedPlugin::Load(const std::string& module, std::uint16_t maf_port,
                                              std::size_t max_keys) {
  folder_.Write("cse1.km", kKm, 0600);
  const std::string config = folder_.Write("saef.json", Configuration(maf_port, max_keys), 0644);
  saef_host host{};
  host.size = sizeof(host);
  host.is_registered_ae = IsRegisteredAe;
  const saef_loader_arguments arguments{sizeof(arguments), module.c_str(), config.c_str(),
                                        "saef-bench", &host};
  char error[1024];
  std::size_t error_length = sizeof(error);
  if (saef_loader_open(&arguments, &loaded_, error, &error_length) == SAEF_LOADER_DONE) {
    return std::nullopt;
  }
  return module + ": " + std::string(error, std::min(error_length, sizeof(error)));
}

std::optional<std::string> LoadedPlugin::Fill(const KeyIds& ids, std::size_t first) {
  Window window;
  std::unique_lock lock(window.mutex);
  for (std::size_t i = first; i < ids.size() && window.failed == 0; ++i) {
    window.moved.wait(lock, [&window] { return window.under_way < kWindow; });
    ++window.under_way;
    lock.unlock();
    saef_ticket ticket = 0;
    const auto id = ids.octets(i);
    const std::int32_t result =
        api().lookup_async(instance(), id.data(), id.size(), Window::Done, &window, &ticket);
    lock.lock();
    if (result == SAEF_PENDING) continue;
    --window.under_way;
    if (result != SAEF_KEY) ++window.failed;
  }
  window.moved.wait(lock, [&window] { return window.under_way == 0; });
  if (window.failed == 0) return std::nullopt;
  return "keys could not be fetched from the bench's MAF";
}

saef_association LoadedPlugin::Associate(std::span<const std::uint8_t> identity) const {
  saef_peer peer{};
  peer.size = sizeof(peer);
  peer.psk_identity = {identity.data(), identity.size()};
  saef_association association = SAEF_NO_ASSOCIATION;
  const std::int32_t result = api().associate(instance(), &peer, &association);
  return result == SAEF_DONE ? association : SAEF_NO_ASSOCIATION;
}

}  // namespace saef::bench
