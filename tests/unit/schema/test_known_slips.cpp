// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "schema/format/known_slips.hpp"

using namespace ame;
using schema::Repair;
using schema::RepairedText;

namespace {

RepairedText repaired(const std::string& text) {
  return schema::repair_known_slips({.file = "ame.yml", .text = text});
}

void check(const std::string& before, const std::string& after, const std::vector<Repair>& repairs) {
  const RepairedText result = repaired(before);
  CHECK(result.text == after);
  CHECK(result.repairs == repairs);
}

}  // namespace

TEST_CASE("a text that can be read is left alone") {
  check("a: 1", "a: 1", {});
  check("", "", {});
  check("command: |\n  - name: a\n      executor: b\n  schedule: * * * * *\n  \tx\n",
        "command: |\n  - name: a\n      executor: b\n  schedule: * * * * *\n  \tx\n",
        {});
}

TEST_CASE("schedules are quoted") {
  check("schedule: * * * * *\n", "schedule: \"* * * * *\"\n", {{1, "quoted the schedule `* * * * *`"}});
  check("a:\n  - schedule: */5 * * * *  # often\n",
        "a:\n  - schedule: \"*/5 * * * *\"  # often\n",
        {{2, "quoted the schedule `*/5 * * * *`"}});
  check("schedule: @daily\n", "schedule: \"@daily\"\n", {{1, "quoted the schedule `@daily`"}});
  check("      schedule: ***** # some schedule\n",
        "      schedule: \"* * * * *\" # some schedule\n",
        {{1, "quoted the schedule `*****` and put blanks between its fields"}});
  check("triggers: {schedule: @daily, timezone: UTC}\nb: {schedule: */5 1,2 * * *}\n",
        "triggers: {schedule: \"@daily\", timezone: UTC}\nb: {schedule: \"*/5 1,2 * * *\"}\n",
        {{1, "quoted the schedule `@daily`"}, {2, "quoted the schedule `*/5 1,2 * * *`"}});
}

TEST_CASE("keys that are indented deeper than the one before are lined up, with all that is with them") {
  check(
      "tasks:\n"
      "  - name: preprocessing\n"
      "      # how\n"
      "      executor:\n"
      "        !poetry\n"
      "        command: |\n"
      "          python a\n"
      "\n"
      "          python b\n"
      "      resources:\n"
      "        memory: 4G \n"
      "  - name: training\n"
      "    executor:\n"
      "      command: x\n",
      "tasks:\n"
      "  - name: preprocessing\n"
      "      # how\n"
      "    executor:\n"
      "      !poetry\n"
      "      command: |\n"
      "        python a\n"
      "\n"
      "        python b\n"
      "    resources:\n"
      "      memory: 4G \n"
      "  - name: training\n"
      "    executor:\n"
      "      command: x\n",
      {{4, "moved `executor`, and what is with it, left by 2 blanks to line up with `name`"}});
  check("a: 1\n b: 2\nc: 3\n   d: 4\n",
        "a: 1\nb: 2\nc: 3\nd: 4\n",
        {{2, "moved `b`, and what is with it, left by 1 blank to line up with `a`"},
         {4, "moved `d`, and what is with it, left by 3 blanks to line up with `c`"}});
}

TEST_CASE("a tag above its key is moved below") {
  check(
      "tasks:\n"
      "  - name: a\n"
      "    !poetry # with poetry\n"
      "    executor:\n"
      "        pythonVersion: 3.11\n"
      "  - name: b\n"
      "    !pip\n"
      "\n"
      "    executor:\n",
      "tasks:\n"
      "  - name: a\n"
      "    executor:\n"
      "        !poetry # with poetry\n"
      "        pythonVersion: 3.11\n"
      "  - name: b\n"
      "\n"
      "    executor:\n"
      "      !pip\n",
      {{3, "moved the tag `!poetry` below `executor:`"}, {7, "moved the tag `!pip` below `executor:`"}});
}

TEST_CASE("tabs in the indentation become blanks, as many as make sense") {
  check("a:\n\tb:\n\t\tc: 1\n",
        "a:\n  b:\n    c: 1\n",
        {{2, "wrote blanks for tabs in the indentation"}, {3, "wrote blanks for tabs in the indentation"}});
  check("a:\n        b: 1\n\tc: 2\n",
        "a:\n        b: 1\n        c: 2\n",
        {{3, "wrote blanks for tabs in the indentation"}});
  check("a:\n\tb: |\n\t\tx\nc: |\n  \ty\n",
        "a:\n  b: |\n    x\nc: |\n  \ty\n",
        {{2, "wrote blanks for tabs in the indentation"}, {3, "wrote blanks for tabs in the indentation"}});
}

TEST_CASE("several slips are repaired together") {
  const RepairedText result = repaired(
      "tasks:\n"
      "\t- name: a\n"
      "\t    triggers:\n"
      "\t\t\t\tschedule: @daily\n");
  CHECK(result.text ==
        "tasks:\n"
        "  - name: a\n"
        "    triggers:\n"
        "      schedule: \"@daily\"\n");
  CHECK(result.repairs.size() == 5);
}

TEST_CASE("what is no known slip is told as by the parser, where it stands in the file") {
  try {
    repaired("a: 1\n b: 2\nc: [1\n");
    FAIL("it was repaired");
  } catch (const Error& error) {
    REQUIRE(error.diagnostics().size() == 1);
    CHECK(error.diagnostics().front().where->line == 3);
  }
}
