// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "cli/render/terminal.hpp"
#include "cli/render/time_text.hpp"
#include "tests/support/memory_console.hpp"

namespace ame::cli {

namespace {

bool is_coloured(const ColourWishes& wishes, bool terminal) {
  MemoryConsole console;
  console.is_a_terminal = terminal;
  Terminal chosen(console);
  chosen.choose_colours(wishes);
  return chosen.say_paint().is_on();
}

}  // namespace

TEST_CASE("colour is for terminals, and wishes are heard in their order", "[cli]") {
  CHECK(is_coloured({}, true));
  CHECK_FALSE(is_coloured({}, false));
  CHECK_FALSE(is_coloured({.term = "dumb"}, true));
  CHECK_FALSE(is_coloured({.no_color = "1"}, true));
  CHECK_FALSE(is_coloured({.no_color = "1", .force_color = "1"}, true));
  CHECK(is_coloured({.force_color = "1"}, false));
  CHECK_FALSE(is_coloured({.force_color = "0"}, false));
  CHECK(is_coloured({.always = true, .no_color = "1"}, false));
  CHECK_FALSE(is_coloured({.never = true, .force_color = "1"}, true));
}

TEST_CASE("quiet and verbose choose what is said, never what is answered", "[cli]") {
  MemoryConsole console;
  Terminal terminal(console);
  for (const Talk talk : {Talk::quiet, Talk::normal, Talk::verbose}) {
    terminal.choose_talk(talk);
    terminal.answer("a");
    terminal.say("s");
    terminal.remark("r");
    terminal.explain("e");
  }
  CHECK(console.out == "aaa");
  CHECK(console.err == "ssrsre");
}

TEST_CASE("times and durations read well", "[cli]") {
  const UtcTime time{std::chrono::seconds(1714825805) + std::chrono::milliseconds(7)};
  CHECK(utc_text(time) == "2024-05-04T12:30:05.007Z");
  CHECK(local_stamp(time).size() == std::string("2024-05-04T12:30:05.007+00:00").size());
  CHECK(elapsed_text(std::chrono::milliseconds(40)) == "40 ms");
  CHECK(elapsed_text(std::chrono::milliseconds(9960)) == "9.9 s");
  CHECK(elapsed_text(std::chrono::seconds(59)) == "59 s");
  CHECK(elapsed_text(std::chrono::seconds(185)) == "3 min 05 s");
  CHECK(elapsed_text(std::chrono::seconds(7800)) == "2 h 10 min");
}

}  // namespace ame::cli
