// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include <catch2/catch.hpp>

#include "cli/commands/send_progress.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_console.hpp"

namespace ame::cli {

using namespace std::chrono_literals;

TEST_CASE("how much has gone is said in a line that changes, and is taken away in the end") {
  MemoryConsole console;
  console.is_a_terminal = true;
  console.meet = true;
  Terminal terminal(console);
  terminal.choose_colours({});
  ManualClock clock;
  {
    SendProgress progress(terminal, clock);
    progress.sent(1, 100);
    CHECK(console.err.empty());
    clock.advance(200ms);
    progress.sent(2, 1 << 20);
    CHECK(console.err == "\r\x1b[Ksent 3 files (1Mi)");
    progress.sent(1, 1);
    CHECK(console.err == "\r\x1b[Ksent 3 files (1Mi)");
  }
  CHECK(console.err == "\r\x1b[Ksent 3 files (1Mi)\r\x1b[K");
}

TEST_CASE("where a line cannot be drawn again it is said now and then, and not at all where it is quick") {
  MemoryConsole console;
  Terminal terminal(console);
  ManualClock clock;
  {
    SendProgress progress(terminal, clock);
    progress.sent(1, 1);
    clock.advance(10s);
    progress.sent(1, 1);
  }
  CHECK(console.err == "sent 2 files (2)\n");
  SendProgress quick(terminal, clock);
  quick.sent(100, 100);
  CHECK(console.err == "sent 2 files (2)\n");
}

}  // namespace ame::cli
