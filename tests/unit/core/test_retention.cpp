// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include <catch2/catch.hpp>

#include "core/run/retention.hpp"

namespace ame {

namespace {

const UtcTime now{std::chrono::hours(10'000)};

RunRecord run_of(long id, const std::string& name, RunState state, int hours_ago) {
  RunRecord run{.id = {id}, .name = name, .state = state, .created = now - std::chrono::hours(hours_ago)};
  if (is_finished(state)) {
    run.ended = run.created;
  }
  return run;
}

std::vector<long> that_go(const std::vector<RunRecord>& runs, const RetentionRule& rule) {
  std::vector<long> ids;
  for (const RunRecord& run : runs_that_go(runs, rule, now)) {
    ids.push_back(run.id.number);
  }
  return ids;
}

const std::vector<RunRecord> runs = {run_of(6, "a", RunState::running, 100),
                                     run_of(5, "a", RunState::failed, 1),
                                     run_of(4, "b", RunState::succeeded, 2),
                                     run_of(3, "a", RunState::succeeded, 50),
                                     run_of(2, "b", RunState::running, 60),
                                     run_of(1, "b", RunState::succeeded, 70)};

}  // namespace

TEST_CASE("without a rule every run stays", "[retention]") {
  CHECK(that_go(runs, {}).empty());
}

TEST_CASE("the newest of each task stay, and so does what goes on", "[retention]") {
  CHECK(that_go(runs, {.keep = 1, .older_than = {}}) == std::vector<long>{5, 3, 1});
  CHECK(that_go(runs, {.keep = 2, .older_than = {}}) == std::vector<long>{3, 1});
  CHECK(that_go(runs, {.keep = 0, .older_than = {}}) == std::vector<long>{5, 4, 3, 1});
}

TEST_CASE("a run goes when every rule lets it go", "[retention]") {
  CHECK(that_go(runs, {.keep = {}, .older_than = std::chrono::hours(24)}) == std::vector<long>{3, 1});
  CHECK(that_go(runs, {.keep = 2, .older_than = std::chrono::hours(60)}) == std::vector<long>{1});
}

}  // namespace ame
