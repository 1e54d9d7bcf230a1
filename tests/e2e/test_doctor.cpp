// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "tests/support/ame_test.hpp"

namespace ame {

TEST_CASE("the doctor names every executor and place, also for machines", "[e2e]") {
  AmeTest test;
  const Ran ran = test.run("doctor");
  ran.err("").exits(0);
  for (const char* word : {"!poetry", "!pipenv", "!pip", "!mlflow", "!uv", "!custom", "runs ", "cache "}) {
    CHECK(ran.out().find(word) != std::string::npos);
  }
  const Ran json = test.run("doctor --json");
  json.err("").exits(0);
  CHECK(json.out().starts_with("{\n  \"pythons\": ["));
}

TEST_CASE("the doctor tells what the directory at hand is", "[e2e]") {
  AmeTest test;
  test.file("uv.lock", "").file("pyproject.toml", "[project]\nname = 'p'\n");
  const Ran ran = test.run("doctor");
  ran.err("").exits(0);
  CHECK(ran.out().ends_with("\nThis directory\n  !uv  ok      has uv.lock\n"));
}

TEST_CASE("the doctor finds a place that is blocked", "[e2e]") {
  AmeTest test;
  test.variable("AME_HOME", test.home().string());
  std::ofstream(test.home() / "state") << "in the way";
  const Ran ran = test.run("doctor");
  ran.exits(4);
  CHECK(ran.out().find("broken") != std::string::npos);
}

}  // namespace ame
