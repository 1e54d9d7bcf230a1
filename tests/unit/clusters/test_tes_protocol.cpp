// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <string>

#include <catch2/catch.hpp>

#include "clusters/tes/tes_end.hpp"
#include "clusters/tes/tes_output.hpp"
#include "clusters/tes/tes_protocol.hpp"

namespace ame::clusters {
namespace {

using namespace std::chrono_literals;

SeenTask seen(const std::string& state, std::optional<int> code = std::nullopt) {
  return {.id = "t1", .state = state, .name = {}, .exit_code = code, .system_logs = {"first", "no disk"}};
}

std::string end_in(const std::string& state, std::optional<int> code = std::nullopt, WantedEnd wanted = {}) {
  const JobEnded end = end_of_task(wanted, seen(state, code), {});
  return std::string(word_of(end.state)) + ": " + end.end.reason;
}

}  // namespace

TEST_CASE("a task of TES is read as far as it goes") {
  const auto task = read_tes_task(R"({"id": "a", "state": "RUNNING", "name": "n", "logs": [{}, {
      "start_time": "2026-01-02T03:04:05Z", "system_logs": ["one", 2],
      "logs": [{"exit_code": 1}, {"exit_code": 7, "stdout": "out", "stderr": "err",
                "start_time": "2026-01-02T03:04:06.25Z", "end_time": "not a time"}]}]})");
  REQUIRE(task);
  CHECK(task->exit_code == 7);
  CHECK(task->output == "out");
  CHECK(task->errors == "err");
  CHECK(task->system_logs == std::vector<std::string>{"one"});
  CHECK(task->started == UtcTime(std::chrono::sys_days(std::chrono::year(2026) / 1 / 2) + 3h + 4min + 6s + 250ms));
  CHECK_FALSE(task->ended);
  for (const char* const text :
       {"", "[]", "{}", R"({"id": 3})", R"({"id": "", "state": "RUNNING"})", "<html>", "{\"id\": \"a\""}) {
    CHECK_FALSE(read_tes_task(text));
  }
  CHECK(read_tes_task(R"({"id": "a", "logs": [3], "state": []})")->state.empty());
}

TEST_CASE("pages, ids and errors are read, whatever a server makes of them") {
  const auto page =
      read_tes_page(R"({"tasks": [{"id": "a"}, 3, {"state": "x"}, {"id": "b"}], "next_page_token": "b"})");
  REQUIRE(page);
  CHECK(page->tasks.size() == 2);
  CHECK(page->next == "b");
  CHECK_FALSE(read_tes_page(R"({"next_page_token": "b"})"));
  CHECK(read_tes_created(R"({"id": "a"})") == "a");
  CHECK_FALSE(read_tes_created("{}"));
  CHECK(read_tes_service(R"({"name": "Funnel", "version": "0.12"})") == "Funnel 0.12");
  CHECK(read_tes_service(R"({"version": "0.12"})")->empty());
  CHECK_FALSE(read_tes_service("<html>"));
  CHECK(read_tes_error(R"({"error": "no such task"})") == "no such task");
  CHECK(read_tes_error(R"({"code": 3, "message": "bad\nthing"})") == "bad");
  CHECK(read_tes_error("slow\tdown\r") == "slow down ");
  CHECK(read_tes_error("<html>everything</html>").empty());
  CHECK(read_tes_error(std::string(1000, 'x')).size() == 300);
}

TEST_CASE("states are where a task is") {
  CHECK(phase_of_tes("QUEUED") == TesPhase::waiting);
  CHECK(phase_of_tes("PAUSED") == TesPhase::waiting);
  CHECK(phase_of_tes("what is that") == TesPhase::waiting);
  CHECK(phase_of_tes("CANCELING") == TesPhase::running);
  for (const char* const over : {"COMPLETE", "EXECUTOR_ERROR", "SYSTEM_ERROR", "CANCELED", "PREEMPTED"}) {
    CHECK(phase_of_tes(over) == TesPhase::over);
  }
}

TEST_CASE("an end is what the task has told, and else what the server says") {
  const JobEnded well = end_of_task({.step = 3}, seen("COMPLETE", 0), {.begun = 5, .exit_code = 0, .ended = 9});
  CHECK(well.step == 3);
  CHECK(well.state == RunState::succeeded);
  CHECK(well.ended == UtcTime(9ms));
  CHECK(end_of_task({}, seen("COMPLETE", 0), {.exit_code = 7}).end.exit_code == 7);
  CHECK(end_in("COMPLETE", 0) == "Failed: task t1 is complete, and has left no word of how its command ended");
  CHECK(end_in("EXECUTOR_ERROR", 125) == "Failed: its container could not run (exit code 125)");
  CHECK(end_in("EXECUTOR_ERROR") == "Failed: its container could not run: no disk");
  CHECK(end_in("EXECUTOR_ERROR", 137) == "Failed: its container was killed, as for want of memory");
  CHECK(end_in("SYSTEM_ERROR") == "Failed: the server could not run task t1: no disk");
  CHECK(end_in("PREEMPTED") == "Failed: the server took its machine away");
  CHECK(end_in("CANCELED") == "Cancelled: task t1 was cancelled at the server");
  CHECK(end_in("CANCELED", 0, {.was_asked_to_stop = true}) == "Cancelled: ");
  CHECK(end_in("CANCELED", 0, {.was_asked_to_stop = true, .exceeded = 90s}) ==
        "Failed: took longer than its timeout of 1m30s");
}

TEST_CASE("what a server shows of an output is given once, as far as it is certain") {
  LiveOutput live;
  CHECK(live.hear("one\n") == "one\n");
  CHECK(live.hear("one\n").empty());
  CHECK(live.hear("one\ntw") == "tw");
  CHECK(live.hear("one\n").empty());  // an answer that came late
  CHECK_FALSE(live.is_lost());
  CHECK(live.hear("one\ntwo \xEF\xBF\xBD") == "o ");
  CHECK(live.hear("one\ntwo \xC3\xA9") == "\xC3\xA9");
  CHECK(live.joined_with("one\ntwo \xC3\xA9!") == "one\ntwo \xC3\xA9!");
  CHECK(live.hear("two \xC3\xA9 three").empty());
  CHECK(live.is_lost());
  CHECK(live.hear("one\ntwo \xC3\xA9 three").empty());
  CHECK(live.joined_with("its end") == "one\ntwo \xC3\xA9its end");
}

}  // namespace ame::clusters
