// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <variant>

#include <catch2/catch.hpp>

#include "core/model/duration.hpp"

namespace ame {

namespace {

std::int64_t milliseconds(const std::string& text) {
  const auto parsed = parse_duration(text);
  INFO(text);
  REQUIRE(std::holds_alternative<std::chrono::milliseconds>(parsed));
  return std::get<std::chrono::milliseconds>(parsed).count();
}

DurationMistake mistake(const std::string& text) {
  const auto parsed = parse_duration(text);
  INFO(text);
  REQUIRE(std::holds_alternative<DurationMistake>(parsed));
  return std::get<DurationMistake>(parsed);
}

}  // namespace

TEST_CASE("a duration is numbers with units") {
  CHECK(milliseconds("90s") == 90000);
  CHECK(milliseconds("2h30m") == 9000000);
  CHECK(milliseconds("1.5h") == 5400000);
  CHECK(milliseconds("250ms") == 250);
  CHECK(milliseconds("1w2d3h4m5s6ms") == 788645006);
  CHECK(milliseconds("0s") == 0);
}

TEST_CASE("a number alone is no duration") {
  CHECK(mistake("90").message == "`90` has no unit");
  CHECK(mistake("90").hint == "write `90s` for seconds, `90m` for minutes or `90h` for hours");
}

TEST_CASE("what cannot be read is no duration") {
  for (const char* text : {"", "s", "5x", "30m2h", "2h2h", "1.h", "-5s", "1 h", "2h30", "1.2345s"}) {
    CHECK(mistake(text).message == "`" + std::string(text) + "` is not a duration");
    CHECK(mistake(text).hint == "for example `90s`, `15m` or `2h30m`");
  }
  CHECK(mistake("99999999999999999999h").message == "`99999999999999999999h` is too long");
}

TEST_CASE("a duration is written back in its largest units") {
  for (const char* text : {"1m30s", "2h30m", "250ms", "0s", "8d"}) {
    CHECK(duration_text(std::chrono::milliseconds(milliseconds(text))) == text);
  }
}

}  // namespace ame
