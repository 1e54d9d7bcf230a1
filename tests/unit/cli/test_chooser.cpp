// SPDX-License-Identifier: Apache-2.0
#include <deque>
#include <string>

#include <catch2/catch.hpp>

#include "cli/render/chooser.hpp"
#include "tests/support/memory_console.hpp"

namespace ame::cli {

namespace {

const std::vector<Choice> tasks{{"prepare", "cleans the data"}, {"train", "fits the model"}, {"Train-all", ""}};

std::string chosen(std::deque<std::string> keys, const std::vector<Choice>& choices = tasks) {
  MemoryConsole console;
  console.is_a_terminal = true;
  console.keys = std::move(keys);
  Terminal terminal(console);
  const auto choice = choose(terminal, "task:", choices);
  CHECK(console.open_keyboards == 0);
  CHECK(console.out.empty());
  CHECK(console.err.ends_with("\r\033[J"));
  return choice ? choices[*choice].label : "nothing";
}

}  // namespace

TEST_CASE("Enter takes the first, arrows another", "[cli]") {
  CHECK(chosen({"\r"}) == "prepare");
  CHECK(chosen({"\033[B", "\r"}) == "train");
  CHECK(chosen({"\033[B", "\033[B", "\033[B", "\r"}) == "prepare");
  CHECK(chosen({"\033[A", "\r"}) == "Train-all");
  CHECK(chosen({"\033OB", "\033OA", "\r"}) == "prepare");
}

TEST_CASE("typing narrows what can be chosen, whatever its case", "[cli]") {
  CHECK(chosen({"t", "r", "\r"}) == "train");
  CHECK(chosen({"train-", "\r"}) == "Train-all");
  CHECK(chosen({"x", "\r", "\x7F", "\r"}) == "prepare");
  CHECK(chosen({"\xC3\xA9", "\x7F", "\r"}) == "prepare");
  CHECK(chosen({"zzz", "\x15", "\033[B", "\r"}) == "train");
}

TEST_CASE("keys that come together count each", "[cli]") {
  CHECK(chosen({"tr\033[B\r"}) == "Train-all");
}

TEST_CASE("Esc, Ctrl-C, Ctrl-D and the end of input leave", "[cli]") {
  CHECK(chosen({"\033"}) == "nothing");
  CHECK(chosen({"tr", "\x03"}) == "nothing");
  CHECK(chosen({"\x04"}) == "nothing");
  CHECK(chosen({}) == "nothing");
}

TEST_CASE("keys that mean nothing here do nothing", "[cli]") {
  CHECK(chosen({"\033[5~", "\033[C", "\t", "\xFF", "\r"}) == "prepare");
}

TEST_CASE("a long list scrolls with the mark", "[cli]") {
  std::vector<Choice> many;
  for (int i = 0; i < 30; ++i) {
    many.push_back({"task-" + std::to_string(i), ""});
  }
  std::deque<std::string> keys(15, "\033[B");
  keys.emplace_back("\r");
  CHECK(chosen(std::move(keys), many) == "task-15");
}

TEST_CASE("the list is drawn with its details and the mark", "[cli]") {
  MemoryConsole console;
  console.is_a_terminal = true;
  console.keys = {"pre", "\r"};
  Terminal terminal(console);
  choose(terminal, "task:", tasks);
  CHECK(console.err ==
        "\r\033[Jtask: "
        "\r\n> prepare    cleans the data\r\n  train      fits the model\r\n  Train-all"
        "\033[3A\r\033[6C"
        "\r\033[Jtask: pre"
        "\r\n> prepare    cleans the data"
        "\033[1A\r\033[9C"
        "\r\033[J");
}

}  // namespace ame::cli
