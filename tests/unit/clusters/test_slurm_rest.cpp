// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "clusters/slurm/slurm_engine.hpp"
#include "clusters/slurm/slurm_rest_line.hpp"
#include "core/run/job_environment.hpp"
#include "tests/support/failure.hpp"
#include "tests/support/later_errands.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_file_system.hpp"
#include "tests/support/passing_time.hpp"
#include "tests/support/scripted_http.hpp"
#include "tests/support/small_graph.hpp"
#include "tests/support/small_slurmrestd.hpp"

namespace ame::clusters {
namespace {

using namespace std::chrono_literals;

using Lines = std::vector<std::string>;
using nlohmann::json;

/// Two steps, the second after the first.
struct World {
  ManualClock clock;
  MemoryFileSystem files;
  PassingTime time{clock};
  SmallSlurmrestd slurm;
  std::string token = "t1";
  Cluster cluster{.name = "lab",
                  .kind = "slurm",
                  .directory = "/shared",
                  .partition = "",
                  .account = "",
                  .config = {},
                  .endpoint = "https://slurm.example.org",
                  .auth = "jwt",
                  .ca_file = {},
                  .storage = "",
                  .image = ""};
  TaskGraph graph = small_graph({{.name = "first"}, {.name = "last", .needs = {"first"}}});
  std::vector<StepPlan> plans = {{.command = ShellCommand{"true"}}, {.command = ShellCommand{"true"}}};
  std::vector<Job> jobs = make_jobs(graph, plans, {.run = {}, .caller = {}, .command_line = {}});
  PlaceOfRun place{.cluster = cluster, .directory = "/shared/runs/last-1-x", .run = "1"};
  std::unique_ptr<Engine> engine =
      make_slurm_engine(cluster,
                        {.files = files,
                         .processes = time,
                         .clock = clock,
                         .caller = {{"PATH", "/bin"}, {"HOME", "/home/anna"}, {"API_KEY", "hidden"}},
                         .http = slurm,
                         .make_errands = [] { return std::make_unique<LaterErrands>(); },
                         .open_directory = {},
                         .open_storage = {},
                         .authorization = [this](const Cluster& /*of*/) { return SecretText(token); }});

  std::string hand_over(bool has_secrets = false) {
    std::vector<SecretText> secrets;
    if (has_secrets) {
      secrets.emplace_back("export A=1\n");
      secrets.emplace_back();
    }
    return engine->hand_over(
        {.graph = graph, .jobs = jobs, .project = "/p", .has_secrets = has_secrets}, secrets, place);
  }

  Lines states() {
    Lines found;
    for (const auto& [number, held] : slurm.jobs) {
      found.push_back(fmt::format("{} {}", number, held.state));
    }
    return found;
  }
};

HttpResult status_of(int number, const std::string& body = "", std::vector<HttpHeader> headers = {}) {
  return status(number, body, std::move(headers));
}

}  // namespace

TEST_CASE("a graph is submitted to slurmrestd, whole") {
  World world;
  CHECK(world.hand_over() == "jobs 11 to 12");
  CHECK(world.engine->is_handed_over(world.place));
  CHECK(world.files.read("/shared/runs/last-1-x/submitted") == "11 steps/1-first.sh\n12 steps/2-last.sh\ncomplete\n");
  const json& last = world.slurm.jobs.at(12).job;
  CHECK(last.at("dependency") == "afterok:11");
  CHECK(last.at("comment") == "last-1-x");
  CHECK(last.at("script") == "#!/bin/sh\nexec /bin/sh /shared/runs/last-1-x/steps/2-last.sh\n");
  CHECK(last.at("environment") == json({"AME_CLUSTER_CACHE=/shared/cache",
                                        "AME_CLUSTER_PROJECT=/shared/runs/last-1-x/project",
                                        "AME_RUN_ID=1",
                                        "AME_RUN_TOKEN=last-1-x",
                                        "AME_TOLD=/shared/runs/last-1-x/logs",
                                        "HOME=/home/anna",
                                        "PATH=/bin"}));
  CHECK(world.files.status("/shared/runs/last-1-x/steps/2-last.sh").kind == FileKind::regular);
  CHECK(world.slurm.tokens == Lines{"t1", "t1"});
}

TEST_CASE("what slurmrestd would be told is shown with names for what is not known") {
  World world;
  const std::vector<RenderedFile> shown =
      world.engine->render({.graph = world.graph, .jobs = world.jobs, .project = "/p", .has_secrets = true});
  Lines names;
  for (const RenderedFile& file : shown) {
    names.push_back(file.name);
  }
  CHECK(names == Lines{"jobs/1-first.json",
                       "jobs/2-last.json",
                       "jobs/3-clean.json",
                       "steps/1-first.sh",
                       "steps/2-last.sh",
                       "steps/clean.sh"});
  const json last = json::parse(shown.at(1).text).at("job");
  CHECK(last.at("dependency") == "afterok:<1>");
  CHECK(last.at("comment") == "<run>");
  CHECK(last.at("current_working_directory") == "/shared/runs/<run>");
  CHECK(world.slurm.asked.empty());
}

TEST_CASE("secrets are removed by a job of their own") {
  World world;
  CHECK(world.hand_over(/*has_secrets=*/true) == "jobs 11 to 12");
  const json& cleaning = world.slurm.jobs.at(13).job;
  CHECK(cleaning.at("dependency") == "afterany:11:12");
  CHECK(cleaning.at("script").get<std::string>().ends_with("/steps/clean.sh /shared/runs/last-1-x/secrets\n"));
  CHECK(world.files.read("/shared/runs/last-1-x/secrets/1-first") == "export A=1\n");
}

TEST_CASE("what was surely not done is asked again, as often as makes sense") {
  World world;
  world.slurm.faults = {status_of(429, "", {{.name = "retry-after", .value = "7"}}),
                        status_of(503),
                        HttpFailure{.fault = HttpFault::unreachable, .reason = "nobody listens there"}};
  const auto begun = world.clock.steady();
  CHECK(world.hand_over() == "jobs 11 to 12");
  CHECK(world.clock.steady() - begun >= 7s + 2s + 4s);
  CHECK(world.slurm.asked.size() == 5);

  World away;
  away.slurm.faults.assign(20, HttpFailure{.fault = HttpFault::unreachable, .reason = "nobody listens there"});
  CHECK(failure_of([&] {
          away.hand_over();
        }).starts_with("the cluster `lab`: `https://slurm.example.org` nobody listens there\n"));
  CHECK(away.slurm.asked.size() == 6);
}

TEST_CASE("what Slurm refuses is not asked again, and what it has is taken back") {
  for (const HttpResult& refusal :
       {status_of(500, R"({"errors": [{"error_number": 2000, "error": "Invalid partition name specified"}]})"),
        status_of(400, R"({"errors": [{"description": "Unknown key"}]})"),
        status_of(401, "Authentication failure"),
        status_of(403),
        status_of(404),
        status_of(409)}) {
    World world;
    world.slurm.faults = {refusal};
    CHECK(
        failure_of([&] { world.hand_over(); }).starts_with("the cluster `lab`: `https://slurm.example.org` answers "));
    CHECK(world.slurm.asked == Lines{"POST v0.0.41/job/submit"});
    CHECK_FALSE(world.engine->is_handed_over(world.place));
  }
  World world;
  world.slurm.faults = {};
  world.slurm.jobs[11] = {.job = {{"comment", "last-1-x"}}};
  world.slurm.jobs[12] = {.job = {{"comment", "of another"}}};
  world.engine->take_back(world.place);
  CHECK(world.states() == Lines{"11 CANCELLED", "12 PENDING"});
}

TEST_CASE("what may be done is looked for, and never submitted twice") {
  for (const HttpResult& silence : {HttpResult(broken()),
                                    status_of(500),
                                    status_of(502),
                                    status_of(200, "<html>"),
                                    status_of(200, "{\"job_id\": 1"),
                                    HttpResult(HttpFailure{.fault = HttpFault::timed_out, .reason = "no answer"})}) {
    World world;
    world.slurm.does_it_all_the_same = true;
    world.slurm.faults = {silence};
    CHECK(world.hand_over() == "jobs 11 to 12");
    CHECK(world.slurm.asked == Lines{"POST v0.0.41/job/submit", "GET v0.0.41/jobs/", "POST v0.0.41/job/submit"});

    World never;
    never.slurm.faults = {silence};
    CHECK_THROWS_AS(never.hand_over(), Error);
    CHECK(never.slurm.asked.front() == "POST v0.0.41/job/submit");
    CHECK(std::ranges::count(never.slurm.asked, "POST v0.0.41/job/submit") == 1);
  }
}

TEST_CASE("Ctrl-C while jobs are submitted takes back those that are") {
  World world;
  world.slurm.faults = {HttpResult(status(503))};
  world.time.next = {DeadlineReached{}, StopRequested{.signal = SIGINT}};
  CHECK_THROWS_AS(world.hand_over(), Error);
  CHECK_FALSE(world.engine->is_handed_over(world.place));
}

TEST_CASE("Ctrl-C while the last job is submitted takes back all") {
  World world;
  world.time.next = {DeadlineReached{}, DeadlineReached{}, DeadlineReached{}, StopRequested{.signal = SIGINT}};
  CHECK_THROWS_AS(world.hand_over(), Error);
  CHECK(world.time.next.empty());
  CHECK(world.states() == Lines{"11 CANCELLED", "12 CANCELLED"});
}

TEST_CASE("the queue is asked with the token that there is after trouble") {
  World world;
  SlurmRestClient client(world.slurm, world.clock, "https://slurm.example.org/slurm/v0.0.41", {});
  client.use_token(SecretText("SLURM_JWT=t1\n"));
  SlurmRestLine line({.client = client, .token = [&world] { return SecretText(world.token); }, .server = "it"},
                     std::make_unique<LaterErrands>(),
                     world.time,
                     world.clock);
  world.slurm.faults = {status_of(401, "Authentication failure")};
  CHECK(asked(line, {}).trouble == "it answers 401 (Authentication failure)");
  world.token = "t2";
  CHECK(asked(line, {}).trouble.empty());
  CHECK(world.slurm.tokens == Lines{"t1", "t2"});
  world.slurm.jobs[11] = {.job = {{"comment", "c"}}};
  CHECK(asked(line, {.kind = SlurmQuestion::Kind::cancel, .numbers = {"11"}}).trouble.empty());
  CHECK(asked(line, {}).jobs.at("11").state == "CANCELLED");
  CHECK_FALSE(asked(line, {.kind = SlurmQuestion::Kind::accounting, .numbers = {"11"}}).trouble.empty());
  world.time.next = {RequestsWaiting{}};
  CHECK(std::holds_alternative<RequestsWaiting>(line.wait(world.clock.steady() + 1s)));
  CHECK(std::holds_alternative<DeadlineReached>(line.wait(world.clock.steady() + 1s)));
}

TEST_CASE("an expired token is told of") {
  World world;
  SlurmRestClient client(world.slurm, world.clock, "https://slurm.example.org", {});
  // {"alg":"HS256"} . {"sun":"anna","exp":60}
  client.use_token(SecretText("eyJhbGciOiJIUzI1NiJ9.eyJzdW4iOiJhbm5hIiwiZXhwIjo2MH0.c2ln"));
  world.slurm.faults = {status_of(500, R"({"errors": [{"error_number": -1, "error": "Unspecified error"}]})")};
  const ServerResult<Queue> jobs = client.jobs();
  CHECK(std::get<ServerFault>(jobs).reason.starts_with("answers 500 (Unspecified error); the token has expired "));
}

}  // namespace ame::clusters
