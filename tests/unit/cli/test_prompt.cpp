// SPDX-License-Identifier: Apache-2.0
#include <deque>
#include <string>
#include <utility>

#include <catch2/catch.hpp>

#include "cli/render/prompt.hpp"
#include "tests/support/memory_console.hpp"

namespace ame::cli {

namespace {

std::string answer(MemoryConsole& console, Echo echo) {
  Terminal terminal(console);
  Prompt prompt(terminal);
  const auto line = prompt.ask("value: ", echo);
  return line ? std::string(line->reveal()) : "(left)";
}

MemoryConsole typing(std::deque<std::string> keys) {
  MemoryConsole console;
  console.is_a_terminal = true;
  console.keys = std::move(keys);
  return console;
}

}  // namespace

TEST_CASE("a hidden answer shows nothing of what is typed, not even how much") {
  MemoryConsole console = typing({"s", "\xC3\xA9", "x", "\x7F", "\x7F", "!", "\r"});
  CHECK(answer(console, Echo::hidden) == "s!");
  CHECK(console.err == "value: \n");
  CHECK(console.open_keyboards == 0);
}

TEST_CASE("a shown answer is shown, and what is erased goes") {
  MemoryConsole console = typing({"ab", "\x7F", "c\r"});
  CHECK(answer(console, Echo::shown) == "ac");
  CHECK(console.err == "value: ab\b \bc\n");
}

TEST_CASE("arrows mean nothing, and Ctrl-U begins anew") {
  MemoryConsole console = typing({"ab", "\x1B[A", "\x15", "c", "\n"});
  CHECK(answer(console, Echo::hidden) == "c");
}

TEST_CASE("a person may leave") {
  for (const char* const key : {"\x03", "\x04", "\x1B"}) {
    MemoryConsole console = typing({key});
    CHECK(answer(console, Echo::hidden) == "(left)");
  }
  MemoryConsole gone = typing({"half"});
  CHECK(answer(gone, Echo::hidden) == "(left)");
}

TEST_CASE("what was pasted ahead goes to the next question") {
  MemoryConsole console = typing({"first\rsecond\r"});
  Terminal terminal(console);
  Prompt prompt(terminal);
  CHECK(prompt.ask("a: ", Echo::hidden)->reveal() == "first");
  CHECK(prompt.ask("b: ", Echo::hidden)->reveal() == "second");
}

}  // namespace ame::cli
