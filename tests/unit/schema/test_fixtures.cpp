// SPDX-License-Identifier: Apache-2.0
// tests/architecture/check_json_schema.py asks the JSON Schema about the same cases.
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

#include "tests/unit/schema/schema_test.hpp"

namespace ame::schema {

namespace {

struct Case {
  std::string name;
  std::string text;
};

/// What stands between lines that begin with `---`.
std::vector<Case> cases_in(const std::string& file) {
  std::ifstream stream(std::string(AME_SOURCE_DIR) + "/tests/fixtures/ame_yml/" + file);
  REQUIRE(stream);
  std::vector<Case> cases;
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("---")) {
      cases.push_back({.name = line.substr(6), .text = {}});
    } else {
      cases.back().text += line + "\n";
    }
  }
  return cases;
}

}  // namespace

TEST_CASE("what is to be accepted loads") {
  for (const Case& one : cases_in("accepted.yml")) {
    INFO(one.name);
    CHECK(LoadTest(one.text).said() == "");
  }
}

TEST_CASE("what is to be rejected does not load") {
  for (const Case& one : cases_in("rejected.yml")) {
    INFO(one.name);
    CHECK(LoadTest(one.text).said().find(" error: ") != std::string::npos);
  }
}

}  // namespace ame::schema
