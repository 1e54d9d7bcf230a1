// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <catch2/catch.hpp>

#include "core/system/run_events.hpp"
#include "core/system/run_layout.hpp"

namespace ame {

namespace {

UtcTime at(long microseconds) {
  return UtcTime(UtcTime::duration(microseconds));
}

}  // namespace

TEST_CASE("events are written as docs/formats.md says", "[events]") {
  RunRecord run;
  run.id = RunId{7};
  run.name = "train";
  run.project = ProjectName("p");
  run.project_file = "/p/ame.yml";
  run.targets = {"train"};
  run.commit = "c0ffee";
  run.created = at(5);
  run.owner = {.host = "h", .boot = "b", .pid = 3, .started = 4};
  run.steps.push_back({.name = StepName("a/b")});
  CHECK(run_begun_line(run) ==
        R"({"event":"run_begun","v":1,"time":5,"id":7,"name":"train","kind":"task","project":"p",)"
        R"("project_file":"/p/ame.yml","targets":["train"],"extra_arguments":[],"commit":"c0ffee","dirty":false,)"
        R"("owner":{"host":"h","boot":"b","pid":3,"started":4},"steps":["a/b"]})"
        "\n");

  StepRecord step;
  step.name = StepName("a/b");
  step.started = at(6);
  CHECK(step_started_line(step, 9) == R"({"event":"step_started","time":6,"step":"a/b","attempt":1,"log_size":9})"
                                      "\n");
  step.state = RunState::failed;
  step.ended = at(8);
  step.end.signal = 9;
  step.end.reason = "why";
  step.peak_memory = 10;
  CHECK(step_ended_line(step) ==
        R"({"event":"step_ended","time":8,"step":"a/b","state":"Failed","exit_code":0,"signal":9,"reason":"why",)"
        R"("attempt":1,"environment":"","python":"","tool":"","mlflow_run":"","cpu_us":0,"peak_memory":10})"
        "\n");
  CHECK(run_ended_line(RunState::cancelled, "x", at(9)) ==
        R"({"event":"run_ended","time":9,"state":"Cancelled","reason":"x"})"
        "\n");
}

TEST_CASE("lines that are not understood change nothing", "[events]") {
  RunRecord run;
  run.id = RunId{7};
  run.steps.push_back({.name = StepName("a")});
  RunReplay replay;
  CHECK_FALSE(replay.record().has_value());
  replay.apply_all(run_ended_line(RunState::failed, "", at(1)));
  CHECK_FALSE(replay.record().has_value());
  replay.apply_all(run_begun_line(run) +
                   "\n{\"event\":\"of tomorrow\"}\n[]\n17\n{\"event\":\"step_ended\",\"ti\n{}\n\xff\n" +
                   R"({"event":"step_ended","time":"x","step":"a"})");
  CHECK(replay.record() == run);
}

TEST_CASE("steps have file names of their own that every file system takes", "[events]") {
  CHECK(file_name_of(StepName("train")) == "train");
  CHECK(file_name_of(StepName("nightly/prepare@lr=0.1")) == "nightly%2Fprepare@lr=0.1");
  CHECK(file_name_of(StepName("..")) == "%2E.");
  CHECK(file_name_of(StepName("a%2Fb")) == "a%252Fb");
  CHECK(file_name_of(StepName("a b\n")) == "a%20b%0A");
  CHECK(file_name_of(StepName(std::string(300, 'x'))).size() == 197);
}

}  // namespace ame
