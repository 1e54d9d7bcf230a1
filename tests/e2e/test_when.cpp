// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/support/ame_test.hpp"

namespace ame {

TEST_CASE("a step whose condition does not hold is skipped, and what comes after runs", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: release
        pipeline:
          - name: build
            executor: !custom {command: echo built}
          - name: publish
            when: env.STAGE == 'prod'
            executor: !custom {command: echo published}
          - name: report
            executor: !custom {command: echo reported}
  )");
  test.run("task run -l release")
      .out("[build] built\n[report] reported\n")
      .err(
          "release-1 started: 3 steps\n"
          "[build] started\n"
          "[build] succeeded in TIME\n"
          "[publish] was skipped: its condition `env.STAGE == 'prod'` does not hold\n"
          "[report] started\n"
          "[report] succeeded in TIME\n"
          "release-1 succeeded in TIME\n")
      .exits(0);
  test.run("task run -lq release -e STAGE=prod")
      .out("[build] built\n[publish] published\n[report] reported\n")
      .err("")
      .exits(0);
  test.variable("STAGE", "prod")
      .run("task run -lq release")
      .out("[build] built\n[publish] published\n[report] reported\n")
      .err("")
      .exits(0);
}

TEST_CASE("each combination of a matrix has its own answer to the condition", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: fit
        matrix: {depth: [4, 8]}
        when: ${matrix.depth} < 5
        executor: !custom {command: "echo ${matrix.depth}"}
  )");
  test.run("task run -lq fit").out("[fit@depth=4] 4\n").err("").exits(0);
}

}  // namespace ame
