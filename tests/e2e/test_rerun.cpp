// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/support/ame_test.hpp"

namespace ame {

namespace {

constexpr const char* three_steps = R"(
  tasks:
    - name: nightly
      pipeline:
        - name: prepare
          executor: !custom {command: echo prepare >> done}
        - name: fit
          executor: !custom {command: "echo fit $LR >> done; test -e ready"}
        - name: report
          executor: !custom {command: echo report >> done}
)";

}  // namespace

TEST_CASE("a rerun from what failed does only what was not done, as it was resolved then", "[e2e]") {
  AmeTest test;
  test.project(three_steps);
  test.run("task run -lq nightly -e LR=1").exits(1);
  CHECK(test.content_of("done") == "prepare\nfit 1\n");
  // Whatever becomes of the file, the run is done again as it was.
  test.file("ame.yml", "tasks: [{name: nightly, executor: !custom {command: echo other >> done}}]\n").file("ready", "");
  test.run("task rerun 1 --from-failed")
      .out("")
      .err(
          "nightly-2 started: 3 steps\n"
          "[prepare] was skipped: done in nightly-1\n"
          "[fit] started\n"
          "[fit] succeeded in TIME\n"
          "[report] started\n"
          "[report] succeeded in TIME\n"
          "nightly-2 succeeded in TIME\n")
      .exits(0);
  CHECK(test.content_of("done") == "prepare\nfit 1\nfit 1\nreport\n");
  test.run("task rerun 2 --from-failed")
      .out("")
      .err("nightly-2 got everything done; without --from-failed it is done again\n")
      .exits(0);
  test.file("done", "").run("task rerun -h").exits(0);
  test.run({"task", "rerun", "nightly-2", "--output", "quiet"}).out("").exits(0);
  CHECK(test.content_of("done") == "prepare\nfit 1\nreport\n");
}

TEST_CASE("a step is done again alone or with all that needs it", "[e2e]") {
  AmeTest test;
  test.project(three_steps).file("ready", "");
  test.run("task run -lq nightly").exits(0);
  test.file("done", "").run("task rerun 1 --step fit -q").out("").err("").exits(0);
  CHECK(test.content_of("done") == "fit\n");
  test.file("done", "").run("task rerun 1 --step fit --downstream -q").out("").err("").exits(0);
  CHECK(test.content_of("done") == "fit\nreport\n");
  // The run of one step is itself done again as that.
  test.file("done", "").run("task rerun 2 -q").out("").err("").exits(0);
  CHECK(test.content_of("done") == "prepare\nfit\n");
  test.run("task rerun 1 --step fti")
      .out("")
      .err("error: nightly-1 has no step `fti`\nhint: did you mean `fit`?\n")
      .exits(2);
  test.run("task rerun 1 --downstream")
      .out("")
      .err("error: `--downstream` needs `--step`\nhint: as in `--step train --downstream`\n")
      .exits(2);
  test.run("task rerun 1 --from-failed --step fit")
      .out("")
      .err(
          "error: `--from-failed` and `--step` say two different things\n"
          "hint: `--step S --downstream` runs S and all that needs it\n")
      .exits(2);
}

TEST_CASE("a step is not done again on top of what was never done", "[e2e]") {
  AmeTest test;
  test.project(three_steps);
  test.run("task run -lq nightly").exits(1);
  test.run("task rerun 1 --step report")
      .out("")
      .err(
          "error: what was asked for needs `nightly/fit`, which nightly-1 did not get done\n"
          "hint: `ame task rerun 1 --from-failed` does what is missing\n")
      .exits(2);
}

TEST_CASE("with --resume a run goes on where the last run of the same tasks did not get done", "[e2e]") {
  AmeTest test;
  test.project(three_steps);
  test.run("task run -lq nightly").exits(1);
  test.file("ready", "").run("task run -l nightly --resume").exits(0);
  CHECK(test.content_of("done") == "prepare\nfit\nfit\nreport\n");
  test.run("task run -l nightly --resume")
      .out("")
      .err(
          "there is nothing to take up, so this run begins anew\n"
          "nightly-3 started: 3 steps\n"
          "[prepare] started\n[prepare] succeeded in TIME\n"
          "[fit] started\n[fit] succeeded in TIME\n"
          "[report] started\n[report] succeeded in TIME\n"
          "nightly-3 succeeded in TIME\n")
      .exits(0);
}

TEST_CASE("values that may be secret are not kept, and are asked for again", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: fetch
        executor: !custom {command: 'test "${#API_TOKEN}" = 8'}
  )");
  test.run("task run -lq fetch -e API_TOKEN=hushhush -e STAGE=prod").exits(0);
  test.run_program({"/bin/grep", "-r", "hushhush", test.home().string()}).out("").exits(1);
  test.run("task rerun 1")
      .out("")
      .err(
          "error: the value that fetch-1 had for `API_TOKEN` is not kept, since it may be secret\n"
          "hint: give it again: -e API_TOKEN=…\n")
      .exits(2);
  test.run("task rerun 1 -q -e API_TOKEN=hushhush").out("").err("").exits(0);
}

TEST_CASE("two runs are compared by what decided them and what became of them", "[e2e]") {
  AmeTest test;
  test.project("tasks: [{name: fit, executor: !custom {command: exit 3}}]\n");
  test.run("task run -lq fit").exits(1);
  test.project("tasks: [{name: fit, executor: !custom {command: exit 0}}]\n");
  test.run("task run -lq fit -e LR=1").exits(0);
  test.run("task diff 1 2")
      .out(
          "- fit-1 TIME\n"
          "+ fit-2 TIME\n"
          "\n"
          "the run\n"
          "  variables of the command line\n"
          "    - (none)\n"
          "    + LR=1\n"
          "  file PROJECT/ame.yml\n"
          "    @@ -1 +1 @@\n"
          "    -tasks: [{name: fit, executor: !custom {command: exit 3}}]\n"
          "    +tasks: [{name: fit, executor: !custom {command: exit 0}}]\n"
          "  status\n"
          "    - Failed\n"
          "    + Succeeded\n"
          "\n"
          "fit\n"
          "  command\n"
          "    - exit 3\n"
          "    + exit 0\n"
          "  outcome\n"
          "    - Failed: exit code 3\n"
          "    + Succeeded\n")
      .err("")
      .exits(0);
}

TEST_CASE("why tells of failures, earlier attempts, last lines and what was skipped", "[e2e]") {
  AmeTest test;
  test.project(R"(
    tasks:
      - name: nightly
        pipeline:
          - name: fit
            retries: 1
            executor: !custom {command: "echo trying $AME_ATTEMPT; no-such-program 2> /dev/null"}
          - name: report
            executor: !custom {command: echo report}
  )");
  test.run("task run -lq nightly").exits(1);
  test.run("task why 1")
      .out(
          "nightly-1: Failed\n"
          "\n"
          "nightly/fit\n"
          "  failed with exit code 127, after TIME\n"
          "  the shell did not find a program\n"
          "  it ran because attempt 1 failed: exit code 127\n"
          "  attempt 1 failed with exit code 127\n"
          "  its last lines:\n"
          "    trying 2\n"
          "\n"
          "nightly/report\n"
          "  was skipped: needs `nightly/fit`, which failed\n")
      .err("")
      .exits(0);
  test.run("task logs 1 --step fit --attempt 1").out("trying 1\n").err("").exits(0);
  test.run("task logs 1 --step fit --attempt 3")
      .out("")
      .err("error: nightly-1 has no attempt 3\nhint: it had 2 attempts\n")
      .exits(2);
}

}  // namespace ame
