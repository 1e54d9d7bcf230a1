// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/model/condition.hpp"

namespace ame {

namespace {

bool holds(const std::string& text) {
  const auto parsed = Condition::parse(text);
  INFO(text);
  REQUIRE(std::holds_alternative<Condition>(parsed));
  return std::get<Condition>(parsed).holds(
      [](const std::string& name) -> std::string { return name == "STAGE" ? "prod" : (name == "COUNT" ? "10" : ""); });
}

std::string mistake(const std::string& text) {
  const auto parsed = Condition::parse(text);
  INFO(text);
  REQUIRE(std::holds_alternative<ConditionMistake>(parsed));
  const auto& found = std::get<ConditionMistake>(parsed);
  return std::to_string(found.offset) + ": " + found.message + " | " + found.hint;
}

}  // namespace

TEST_CASE("texts and variables are compared") {
  CHECK(holds("env.STAGE == prod"));
  CHECK(holds("env.STAGE=='prod'"));
  CHECK_FALSE(holds("env.STAGE != \"prod\""));
  CHECK(holds("env.MISSING == ''"));
  CHECK(holds("a < b"));
  CHECK_FALSE(holds("'two words' == two"));
  CHECK(holds("'it''s' == \"it's\""));
}

TEST_CASE("numbers are compared as numbers") {
  CHECK(holds("env.COUNT > 9"));
  CHECK(holds("env.COUNT >= 10.0"));
  CHECK(holds("1e-3 == 0.001"));
  CHECK(holds("2 <= 10"));
  CHECK_FALSE(holds("0.1 < 0.01"));
}

TEST_CASE("a text by itself holds unless it says no") {
  CHECK(holds("true"));
  CHECK(holds("env.STAGE"));
  CHECK_FALSE(holds("env.MISSING"));
  CHECK_FALSE(holds("false"));
  CHECK_FALSE(holds("no"));
  CHECK_FALSE(holds("0"));
}

TEST_CASE("and binds closer than or, not closer than both") {
  CHECK(holds("true or true and false"));
  CHECK_FALSE(holds("(true or true) and false"));
  CHECK(holds("not false and true"));
  CHECK(holds("not not true"));
  CHECK_FALSE(holds("not (env.STAGE == prod or false)"));
}

TEST_CASE("a wrong condition is told with its place") {
  const std::string hint = " | for example `env.STAGE == 'prod' and not env.CI`";
  CHECK(mistake("") == "0: the condition ends where a text is expected" + hint);
  CHECK(mistake("a ==") == "4: the condition ends where a text is expected" + hint);
  CHECK(mistake("a b") == "2: `b` is not expected here" + hint);
  CHECK(mistake("(a") == "2: a parenthesis is not closed" + hint);
  CHECK(mistake("a)") == "1: `)` is not expected here" + hint);
  CHECK(mistake("a = b") == "2: `=` means nothing here | write `==`");
  CHECK(mistake("a && b") == "2: `&&` means nothing here | write `and`");
  CHECK(mistake("a || b") == "2: `||` means nothing here | write `or`");
  CHECK(mistake("!a") == "0: `!` means nothing here | write `not`");
  CHECK(mistake("'a") == "0: a quote is not closed | ");
  CHECK(mistake(std::string(1000, '(')).find("the condition is nested too deep") != std::string::npos);
  CHECK(mistake([] {
          std::string text;
          for (int number = 0; number < 1000; ++number) {
            text += "not ";
          }
          return text;
        }())
            .find("the condition is nested too deep") != std::string::npos);
}

}  // namespace ame
