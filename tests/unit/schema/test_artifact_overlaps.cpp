// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/unit/schema/schema_test.hpp"

namespace ame::schema {

namespace {

/// Steps that keep these paths, in this arrangement.
std::string said_of_pipeline(const std::string& pipeline) {
  const std::string tasks = R"(
templates:
  - name: make
    executor: !custom {command: make}
tasks:
  - name: model
    fromTemplate: make
    artifacts: {paths: [out/model]}
  - name: report
    fromTemplate: make
    artifacts: {paths: [out/report.txt, ./out/model/]}
  - name: out
    fromTemplate: make
    artifacts: {paths: [out]}
  - name: other
    fromTemplate: make
    artifacts: {paths: [out-of-place]}
  - name: inner
    pipeline: [model, other]
  - name: all
    pipeline: )" + pipeline +
                            "\n";
  return schema::said_of(LoadTest(tasks).load().warnings);
}

}  // namespace

TEST_CASE("steps that run at once and keep the same files are warned of") {
  CHECK(said_of_pipeline("[[model, report]]") == unindented(R"(
    ame.yml:9:11 warning: `model` and `report` run at once and both keep `out/model` and `./out/model/`
      ame.yml:6:11 the other one
      hint: let each write to a place of its own, or run them one after the other
  )"));
  CHECK(said_of_pipeline("[[other, [model], [inner, out]]]") == unindented(R"(
    ame.yml:6:11 warning: `out` and `model` run at once and both keep `out` and `out/model`
      ame.yml:12:11 the other one
      hint: let each write to a place of its own, or run them one after the other
  )"));
}

TEST_CASE("steps that keep different files, or run one after the other, are not warned of") {
  for (const char* pipeline : {"[model, report]", "[[[model, report], other]]", "[[model, other]]", "[[out, other]]"}) {
    CAPTURE(pipeline);
    CHECK(said_of_pipeline(pipeline).empty());
  }
}

TEST_CASE("a task that runs twice at once is warned of") {
  CHECK(said_of_pipeline("[[model, model]]") == unindented(R"(
    ame.yml:6:11 warning: `model` and `model-2` run at once and both keep `out/model`
      hint: let each write to a place of its own, or run them one after the other
  )"));
}

}  // namespace ame::schema
