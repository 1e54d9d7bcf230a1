// SPDX-License-Identifier: Apache-2.0
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/support/ame_test.hpp"

namespace ame {

namespace {

/// The rows of a table without what fills its columns.
std::vector<std::string> found_in(const Ran& shown) {
  std::vector<std::string> rows;
  std::istringstream lines(shown.out());
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line) && !line.empty()) {
    std::string row;
    std::istringstream words(line);
    for (std::string word; words >> word;) {
      row += (row.empty() ? "" : " ") + word;
    }
    rows.push_back(row);
  }
  return rows;
}

}  // namespace

TEST_CASE("the variables that a task is given are told, with where they come from", "[e2e]") {
  AmeTest test;
  test.project(R"(
    project: demo
    tasks:
      - name: train
        executor: !custom {command: "true"}
        environment: {EPOCHS: 3, API_TOKEN: abc}
        resources: {cpu: 500m}
        secrets:
          - !ame {key: db, injectAs: DATABASE}
          - !ame {key: s3, injectPrefix: STORE}
      - name: both
        pipeline: [train, train]
        environment: {SHARED: "yes"}
  )");
  test.variable("PIPENV_YES", "0");
  const Ran shown = test.run("task env train").err("").exits(0);
  CHECK(shown.out().starts_with("Variable "));
  CHECK(found_in(shown) == std::vector<std::string>{"AME_ATTEMPT 1 ame",
                                                    "AME_PROJECT demo ame",
                                                    "AME_PROJECT_DIR PROJECT ame",
                                                    "AME_RESOURCES_CPU 0.5 ame",
                                                    "AME_RUN_ID (not shown) ame",
                                                    "AME_STEP train ame",
                                                    "AME_TASK train ame",
                                                    "API_TOKEN (not shown) task",
                                                    "DATABASE (not shown) secret",
                                                    "EPOCHS 3 task",
                                                    "PIPENV_NOSPIN 1 ame",
                                                    "PIP_DISABLE_PIP_VERSION_CHECK 1 ame",
                                                    "PIP_NO_INPUT 1 ame",
                                                    "POETRY_NO_INTERACTION 1 ame",
                                                    "PYTHONUNBUFFERED 1 ame",
                                                    "STORE_* (not shown) secret"});
  const Ran json = test.run("task env both --json").exits(0);
  CHECK(json.out().find(R"("name": "SHARED")") != std::string::npos);
  CHECK(json.out().find("abc") == std::string::npos);
  test.run("task env none").exits(2);
}

TEST_CASE("a variable that ame sets is an error, and a warning where that is allowed", "[e2e]") {
  AmeTest test;
  test.project(R"(
    project: demo
    tasks:
      - name: train
        executor: !custom {command: "echo $AME_TASK $PYTHONUNBUFFERED"}
        environment: {AME_TASK: mine, PYTHONUNBUFFERED: "0"}
  )");
  const std::string place =
      "the variable `AME_TASK` is set by ame and cannot be set here\n"
      " --> ame.yml:5:19\n"
      "  |\n"
      "5 |     environment: {AME_TASK: mine, PYTHONUNBUFFERED: \"0\"}\n"
      "  |                   ^^^^^^^^\n"
      "hint: take another name\n";
  const Ran refused = test.run("task run -l train").out("").exits(3);
  CHECK(refused.err().starts_with("error: " + place));
  const Ran ran = test.run("task run -l train --allow-reserved").out("train 0\n").exits(0);
  CHECK(ran.err().starts_with("warning: " + place));
}

}  // namespace ame
