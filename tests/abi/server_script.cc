// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/abi/server_script.h"

#include <poll.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

namespace saef::abi_test {
namespace {

using std::chrono::milliseconds;

constexpr int kIdentitiesOfAKind = 40;

}  // namespace

void PrintLine(const std::string &line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

ServerScript::ServerScript() {
  for (int i = 0; i < kIdentitiesOfAKind; ++i) {
    const std::string number = std::to_string(i);
    plugin_.AnswerAtOnce("hit" + number, SAEF_KEY, kKey);
    plugin_.AnswerAfter("slow" + number, milliseconds(300), SAEF_KEY, kKey);
    plugin_.Withhold("gather" + number);
  }
  plugin_.AnswerAtOnce("long", SAEF_KEY, std::string(kKey) + kKey);
  plugin_.AnswerAfter("unknown", milliseconds(50), SAEF_UNKNOWN);
  plugin_.AnswerAfter("denied", milliseconds(50), SAEF_DENIED);
  plugin_.Withhold("late");
}

size_t ServerScript::HostPsk(void *, const uint8_t *identity, size_t length, uint8_t *key,
                             size_t capacity) {
  const size_t key_length = sizeof(kKey) - 1;
  if (length < 4 || std::memcmp(identity, "host", 4) != 0 || capacity < key_length) {
    return 0;
  }
  std::memcpy(key, kKey, key_length);
  return key_length;
}

bool ServerScript::TakeOrders(const saef_gate *gate) {
  pollfd input = {STDIN_FILENO, POLLIN, 0};
  while (poll(&input, 1, 0) == 1) {
    char octet = 0;
    if (read(STDIN_FILENO, &octet, 1) != 1) {
      return false;
    }
    if (octet != '\n') {
      input_ += octet;
      continue;
    }
    Obey(input_, gate);
    input_.clear();
  }
  return true;
}

void ServerScript::Obey(const std::string &order, const saef_gate *gate) {
  if (order == "held") {
    PrintLine("held " + std::to_string(saef_gate_held_sessions(gate)));
  } else if (order == "answer") {
    for (int i = 0; i < kIdentitiesOfAKind; ++i) {
      plugin_.Answer("gather" + std::to_string(i), SAEF_KEY, kKey);
    }
  }
}

void ServerScript::PrintCounts() const {
  const FakePlugin::Counts counts = plugin_.counts();
  PrintLine("associated " + std::to_string(counts.associated) + " dissociated " +
            std::to_string(counts.dissociated) + " open " +
            std::to_string(plugin_.associations().size()));
}

}  // namespace saef::abi_test
