// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "clusters/slurm/slurm_rest_protocol.hpp"

namespace ame::clusters {
namespace {

using nlohmann::json;

const SlurmRestVersion newer{.name = "v0.0.41", .has_sets = true};
const SlurmRestVersion older{.name = "v0.0.38", .has_sets = false};

SlurmRestJob whole_job() {
  return {.name = "fit",
          .request = {.partition = "big",
                      .account = "lab",
                      .cpus = 2,
                      .memory = 20,
                      .disk = 5,
                      .gpus = "gpu:a100:1",
                      .minutes = 3,
                      .constraint = "ssd"},
          .directory = "/run",
          .output = "/run/logs/%j.slurm",
          .comment = "fit-1-x",
          .dependency = "afterok:7",
          .elements = 3,
          .script = "#!/bin/sh\n",
          .environment = {{"A", "b c"}}};
}

}  // namespace

TEST_CASE("a job is told in the words of each version") {
  const json now = json::parse(slurm_rest_submission(whole_job(), newer));
  CHECK(now == json::parse(R"({"job": {
    "name": "fit", "partition": "big", "account": "lab", "cpus_per_task": 2, "tasks": 1, "nodes": "1",
    "memory_per_node": {"set": true, "number": 20}, "temporary_disk_per_node": 5,
    "tres_per_node": "gres/gpu:a100:1", "time_limit": {"set": true, "number": 3}, "constraints": "ssd",
    "current_working_directory": "/run", "standard_output": "/run/logs/%j.slurm", "comment": "fit-1-x",
    "dependency": "afterok:7", "flags": ["KILL_INVALID_DEPENDENCY"], "array": "0-2", "requeue": false,
    "script": "#!/bin/sh\n", "environment": ["A=b c"]}})"));
  const json before = json::parse(slurm_rest_submission(whole_job(), older));
  CHECK(before == json::parse(R"({"script": "#!/bin/sh\n", "job": {
    "name": "fit", "partition": "big", "account": "lab", "cpus_per_task": 2, "tasks": 1, "nodes": [1, 1],
    "memory_per_node": 20, "temporary_disk_per_node": 5, "gres": "gpu:a100:1", "time_limit": 3,
    "constraints": "ssd", "current_working_directory": "/run", "standard_output": "/run/logs/%j.slurm",
    "comment": "fit-1-x", "dependency": "afterok:7", "kill_on_invalid_dependency": true, "array": "0-2",
    "no_requeue": true, "environment": {"A": "b c"}}})"));
}

TEST_CASE("what a job does not ask for is not said") {
  const SlurmRestJob job{.name = "a",
                         .request = {},
                         .directory = "/r",
                         .output = "/o",
                         .comment = "c",
                         .dependency = "",
                         .script = "s",
                         .environment = {}};
  const json said = json::parse(slurm_rest_submission(job, newer)).at("job");
  for (const char* const key : {"partition",
                                "account",
                                "cpus_per_task",
                                "memory_per_node",
                                "temporary_disk_per_node",
                                "tres_per_node",
                                "time_limit",
                                "constraints",
                                "dependency",
                                "array"}) {
    INFO(key);
    CHECK_FALSE(said.contains(key));
  }
}

TEST_CASE("jobs are known by number in both forms") {
  const std::string now = R"({"jobs": [
    {"job_id": 7, "array_job_id": {"set": true, "number": 0}, "array_task_id": {"set": false, "number": 0},
     "array_task_string": "", "job_state": ["RUNNING"], "state_reason": "None", "comment": "t", "hold": {"a": 1}},
    {"job_id": 9, "array_job_id": {"set": true, "number": 8}, "array_task_id": {"set": true, "number": 0},
     "array_task_string": "", "job_state": ["CANCELLED", "COMPLETING"], "state_reason": "None", "comment": "t"},
    {"job_id": 8, "array_job_id": {"set": true, "number": 8}, "array_task_id": {"set": false, "number": 0},
     "array_task_string": "1-2,5%2", "job_state": ["PENDING"], "state_reason": "Resources", "comment": "t"},
    {"job_id": 12, "array_job_id": {"set": true, "number": 12}, "array_task_id": {"set": false, "number": 0},
     "array_task_string": "1-2,7,...", "job_state": ["PENDING"], "state_reason": "Priority", "comment": "u"}]})";
  const Queue queue = read_slurm_rest_jobs(now).value();
  CHECK(queue.at("7") == QueuedJob{.state = "RUNNING", .reason = "None", .comment = "t"});
  CHECK(queue.at("8_0").state == "COMPLETING");
  CHECK(queue.at("8_5") == QueuedJob{.state = "PENDING", .reason = "Resources", .comment = "t"});
  CHECK(queue.size() == 6);
  CHECK(job_in(queue, "12_900")->reason == "Priority");
  CHECK(job_in(queue, "8_3") == nullptr);
  CHECK(job_in(queue, "12") == nullptr);

  const std::string before = R"({"jobs": [
    {"job_id": 7, "array_job_id": 0, "array_task_id": null, "array_task_string": "", "job_state": "OUT_OF_MEMORY",
     "state_reason": "OutOfMemory", "comment": "t"},
    {"job_id": 8, "array_job_id": 8, "array_task_id": 3, "array_task_string": "", "job_state": "RUNNING",
     "state_reason": "None", "comment": "t"}]})";
  const Queue old = read_slurm_rest_jobs(before).value();
  CHECK(old.at("7").state == "OUT_OF_MEMORY");
  CHECK(old.at("8_3").state == "RUNNING");
}

TEST_CASE("answers that make no sense are none") {
  for (const char* const text : {"",
                                 "<html>",
                                 "[]",
                                 "{}",
                                 R"({"jobs": 1})",
                                 R"({"jobs": [{}]})",
                                 R"({"jobs": [{"job_id": "x", "job_state": "A"}]})",
                                 R"({"job_id": 0})",
                                 R"({"job_id": "7"})",
                                 R"({"partitions": [{}]})",
                                 "{\"jobs\": [{\"job_id\": 7"}) {
    INFO(text);
    CHECK_FALSE(read_slurm_rest_jobs(text));
    CHECK_FALSE(read_slurm_rest_number(text));
    CHECK_FALSE(read_slurm_rest_partitions(text));
    CHECK_FALSE(read_slurm_rest_error(text).is_refusal);
  }
  CHECK(read_slurm_rest_jobs(R"({"jobs": []})").value().empty());
}

TEST_CASE("what Slurm says of its errors is told, and whether it has looked") {
  const SlurmRestError refused = read_slurm_rest_error(
      R"({"errors": [{"description": "d", "error_number": 2000, "error": "Invalid partition"}]})");
  CHECK(refused.words == "Invalid partition");
  CHECK(refused.is_refusal);
  CHECK(read_slurm_rest_error(R"({"errors": [{"error_code": 2000, "error": "x"}]})").is_refusal);
  CHECK_FALSE(read_slurm_rest_error(R"({"errors": [{"error_number": 1007, "error": "Protocol"}]})").is_refusal);
  CHECK(read_slurm_rest_error(R"({"errors": [{"description": "Unknown key"}]})").words == "Unknown key");
  CHECK(read_slurm_rest_error("Authentication failure").words == "Authentication failure");
  CHECK(read_slurm_rest_error("<html>").words.empty());
}

TEST_CASE("a token says whose it is and until when") {
  // {"alg":"HS256"} . {"sun":"anna","exp":1700000000} . a signature
  const TokenClaims claims = read_token("eyJhbGciOiJIUzI1NiJ9.eyJzdW4iOiJhbm5hIiwiZXhwIjoxNzAwMDAwMDAwfQ.c2ln");
  CHECK(claims.user == "anna");
  CHECK(claims.expires == 1700000000);
  for (const char* const text : {"", "abc", "a.b.c", "a.eyJ9.c", "..", "a.bnVsbA.c", "a.W10.c"}) {
    INFO(text);
    CHECK(read_token(text).user.empty());
    CHECK_FALSE(read_token(text).expires);
  }
}

}  // namespace ame::clusters
