// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "core/formats/parse.hpp"

using namespace ame;

namespace {
Document yaml(std::string text) {
  return parse_yaml(std::make_shared<SourceText>(SourceText{"ame.yml", std::move(text)}));
}
}  // namespace

TEST_CASE("x") {
  const Document document =
      yaml("project: a\ntasks:\n  - name: b\n    executor:\n      !poetry\n      pythonVersion: 3.10\n");
  const Node& root = document.root();
  REQUIRE(root.kind == NodeKind::mapping);
  const Node& executor = *root.find("tasks")->items[0].find("executor");
  CHECK(executor.tag == "poetry");
  CHECK(executor.line == 5);
  CHECK(executor.column == 7);
  CHECK(executor.find("pythonVersion")->scalar == "3.10");
}
