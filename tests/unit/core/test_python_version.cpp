// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/model/python_version.hpp"

using ame::PythonConstraint;
using ame::PythonConstraintMistake;

namespace {

PythonConstraint constraint(std::string_view text) {
  const auto parsed = PythonConstraint::parse(text);
  INFO(text);
  REQUIRE(std::holds_alternative<PythonConstraint>(parsed));
  return std::get<PythonConstraint>(parsed);
}

bool fits(std::string_view version, std::string_view text) {
  return constraint(text).allows(ame::parse_python_version(version).value());
}

}  // namespace

TEST_CASE("two numbers stand for every patch of them") {
  CHECK(fits("3.10.0", "3.10"));
  CHECK(fits("3.10.13", "3.10"));
  CHECK_FALSE(fits("3.1.0", "3.10"));
  CHECK_FALSE(fits("3.11.0", "3.10"));
  CHECK_FALSE(fits("3.10.0", "3.1"));
  CHECK(fits("3.11.4", "==3.11"));
  CHECK(fits("3.11.4", "==3.11.*"));
}

TEST_CASE("three numbers stand for themselves, one for a whole generation") {
  CHECK(fits("3.11.4", "3.11.4"));
  CHECK_FALSE(fits("3.11.5", "3.11.4"));
  CHECK(fits("3.13.0", "3"));
  CHECK(fits("3.13.0", "3.*"));
  CHECK_FALSE(fits("2.7.18", "3"));
  CHECK(fits("2.7.18", "*"));
  CHECK(fits("2.7.18", ""));
}

TEST_CASE("operators mean what Poetry and PEP 440 mean by them") {
  CHECK(fits("3.12.1", "^3.10"));
  CHECK_FALSE(fits("3.9.18", "^3.10"));
  CHECK_FALSE(fits("4.0.0", "^3.10"));
  CHECK(fits("3.11.9", "~3.11"));
  CHECK_FALSE(fits("3.12.0", "~3.11"));
  CHECK(fits("3.11.9", "~3.11.2"));
  CHECK_FALSE(fits("3.11.1", "~3.11.2"));
  CHECK(fits("3.12.0", "~=3.11"));
  CHECK_FALSE(fits("3.12.0", "~=3.11.2"));
  CHECK(fits("3.11.4", ">=3.9,<3.12"));
  CHECK(fits("3.11.4", ">=3.9 <3.12"));
  CHECK(fits("3.11.4", ">= 3.9 , < 3.12"));
  CHECK_FALSE(fits("3.12.0", ">=3.9,<3.12"));
  CHECK_FALSE(fits("3.9.7", ">=3.9,!=3.9.7"));
  CHECK(fits("3.9.8", ">=3.9,!=3.9.7"));
  CHECK_FALSE(fits("3.9.8", "!=3.9.*"));
  CHECK(fits("3.8.18", "~3.8 || >=3.11"));
  CHECK_FALSE(fits("3.9.18", "~3.8 || >=3.11"));
  CHECK(fits("3.11.1", ">3.11"));
  CHECK_FALSE(fits("3.11.1", "<=3.11"));
  CHECK(fits("3.12.9", ">=3.8,<4.0.0a0"));
}

TEST_CASE("what is no version is refused with an example of one") {
  for (const char* const text : {"three", "3.x", "^", ">=", "3..1", "3.", "~=3", "<3.*", "3.11,", "py311", "||"}) {
    INFO(text);
    const auto parsed = PythonConstraint::parse(text);
    REQUIRE(std::holds_alternative<PythonConstraintMistake>(parsed));
    CHECK(std::get<PythonConstraintMistake>(parsed).message == "`" + std::string(text) + "` is no Python version");
  }
}

TEST_CASE("constraints meet, contain and exclude each other") {
  CHECK(constraint("3.11").is_within(constraint("^3.10")));
  CHECK_FALSE(constraint("^3.10").is_within(constraint("3.11")));
  CHECK(constraint("3.9").both(constraint("^3.10")).is_empty());
  CHECK(constraint(">=3.9").both(constraint("<3.12")) == constraint(">=3.9,<3.12"));
  CHECK(constraint("3.9 || 3.10") == constraint(">=3.9,<3.11"));
}

TEST_CASE("a constraint can be written down again") {
  for (const char* const text : {"3.11", "^3.10", "!=3.9.7", "3.8 || >=3.11,!=3.12.1", ">=3.9"}) {
    INFO(constraint(text).text());
    CHECK(constraint(constraint(text).text()) == constraint(text));
  }
}
