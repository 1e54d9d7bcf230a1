// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "executors/requirements.hpp"
#include "tests/unit/executors/planned_step.hpp"

using ame::executors::parse_requirements;
using ame::executors::Requirement;
using Kind = ame::executors::RequirementKind;

namespace {

Requirement only(std::string_view text) {
  const auto all = parse_requirements(text);
  REQUIRE(all.size() == 1);
  return all[0];
}

}  // namespace

TEST_CASE("each kind of line is told apart") {
  CHECK(only("numpy==1.26.4") == Requirement{Kind::package, "numpy==1.26.4", "numpy", true, 1});
  CHECK(only("Scikit_Learn >= 1.4 # why") ==
        Requirement{Kind::package, "Scikit_Learn >= 1.4", "scikit-learn", false, 1});
  CHECK(only("-r more.txt").kind == Kind::requirements);
  CHECK(only("--requirement=more.txt").text == "more.txt");
  CHECK(only("-rmore.txt").text == "more.txt");
  CHECK(only("-c limits.txt").kind == Kind::constraints);
  CHECK(only("-e ./lib[extra]") == Requirement{Kind::local_editable, "./lib", "", true, 1});
  CHECK(only("./lib").kind == Kind::local);
  CHECK(only("lib @ file:///opt/lib.whl") == Requirement{Kind::local, "/opt/lib.whl", "", true, 1});
  CHECK(only("wheels/lib-1.0-py3-none-any.whl").kind == Kind::local);
  CHECK(only("--extra-index-url https://example.org/simple").kind == Kind::option);
  CHECK(parse_requirements("# nothing\n\n   \n").empty());
}

TEST_CASE("pinned is what cannot mean another version tomorrow") {
  CHECK(only("a==1.0; python_version > '3.8'").pinned);
  CHECK(only("a===1.0").pinned);
  CHECK(only("a[x,y]==1.0").pinned);
  CHECK_FALSE(only("a").pinned);
  CHECK_FALSE(only("a==1.*").pinned);
  CHECK_FALSE(only("a~=1.0").pinned);
  CHECK_FALSE(only("a; python_version == '3.8'").pinned);
  CHECK(only("a @ https://example.org/a-1.0.tar.gz").pinned);
  CHECK(only("a @ git+https://example.org/a@4f2c1e").pinned);
  CHECK_FALSE(only("a @ git+https://example.org/a").pinned);
}

TEST_CASE("a line goes on after a backslash") {
  const auto all = parse_requirements("a==1 \\\n    --hash=sha256:00\r\nb\n");
  REQUIRE(all.size() == 2);
  CHECK(all[0].line == 1);
  CHECK(all[0].pinned);
  CHECK(all[1].line == 3);
}
