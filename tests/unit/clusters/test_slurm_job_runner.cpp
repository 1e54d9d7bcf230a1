// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <csignal>
#include <deque>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "clusters/slurm/slurm_job_runner.hpp"
#include "clusters/slurm/slurm_programs.hpp"
#include "tests/support/failure.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_file_system.hpp"

namespace ame::clusters {
namespace {

using namespace std::chrono_literals;

using Lines = std::vector<std::string>;

/// The programs of a Slurm that answers what the test says; where nothing is asked, time passes.
class SmallSlurm final : public ProcessRunner {
 public:
  explicit SmallSlurm(ManualClock& clock)
      : clock_(clock) {}

  std::string queue;     ///< what `squeue` prints
  std::string accounts;  ///< what `sacct` prints; empty: it fails, as where there is no accounting
  std::string refusal;   ///< what both say on standard error, ending with 1; empty: they answer
  bool is_mute = false;  ///< both never end by themselves
  std::deque<ProcessEvent> next;

  [[nodiscard]] const Lines& asked() const { return asked_; }

  void listen() override {}

  void start(ProcessKey /*key*/, const ProcessRequest& request) override {
    asked_.push_back(fmt::format("{}", fmt::join(request.argv, " ")));
    if (is_mute) {
      return;
    }
    const std::string& program = request.argv.front();
    code_ = !refusal.empty() || (program == "sacct" && accounts.empty()) ? 1 : 0;
    if (!refusal.empty()) {
      answers_.push_back({OutputStream::standard_error, refusal});
    } else if (program != "scancel") {
      answers_.push_back({OutputStream::standard_output, program == "sacct" ? accounts : queue});
    }
    is_ending_ = true;
  }

  ProcessEvent wait(std::optional<std::chrono::steady_clock::time_point> deadline) override {
    if (!next.empty()) {
      const ProcessEvent event = next.front();
      next.pop_front();
      return event;
    }
    if (!answers_.empty()) {
      said_ = answers_.front();
      answers_.pop_front();
      return ProcessOutput{.process = 0, .stream = said_.stream, .bytes = said_.text};
    }
    if (is_ending_) {
      is_ending_ = false;
      return ProcessEnded{.process = 0, .exit_code = code_};
    }
    clock_.advance(std::chrono::ceil<std::chrono::microseconds>(*deadline - clock_.steady()));
    return DeadlineReached{};
  }

  void signal(ProcessKey /*key*/, int /*signal*/) override { is_ending_ = true; }

 private:
  struct Said {
    OutputStream stream = OutputStream::standard_output;
    std::string text;
  };

  ManualClock& clock_;
  Lines asked_;
  std::deque<Said> answers_;
  Said said_;
  int code_ = 0;
  bool is_ending_ = false;
};

/// Two steps that were submitted as jobs 7 and 8.
struct World {
  ManualClock clock;
  MemoryFileSystem files;
  SmallSlurm slurm{clock};
  int looks = 0;
  Lines troubles;
  StepPlan plan;
  std::vector<Job> jobs = {job(0), job(1)};
  SlurmJobRunner runner{{.name = "fit-1",
                         .directory = "/run",
                         .names = {"1-a", "2-b"},
                         .numbers = {"7", "8"},
                         .listener = {.looked = [this] { ++looks; },
                                      .troubled = [this](const std::string& trouble) { troubles.push_back(trouble); }}},
                        files,
                        std::make_unique<SlurmProgramLine>(SlurmPrograms{}, slurm, clock),
                        clock};

  Job job(StepIndex step) {
    Job made;
    made.step = step;
    made.plan = &plan;
    made.timeout = 90s;
    made.resources.memory = Quantity::of_whole(50LL << 20);
    return made;
  }

  /// All that is told within a time, as text.
  Lines told_within(std::chrono::milliseconds time) {
    Lines told;
    const auto deadline = clock.steady() + time;
    while (true) {
      const JobEvent event = runner.wait(deadline);
      if (std::holds_alternative<DeadlineReached>(event)) {
        return told;
      }
      if (const auto* output = std::get_if<JobOutput>(&event)) {
        told.push_back(fmt::format("{} {} {}", output->step, static_cast<int>(output->stream), output->bytes));
      } else if (const auto* progress = std::get_if<JobProgress>(&event)) {
        told.push_back(fmt::format("{} says {}", progress->step, progress->line));
      } else if (const auto* ended = std::get_if<JobEnded>(&event)) {
        told.push_back(fmt::format("{} {} {}{}{}",
                                   ended->step,
                                   word_of(ended->state),
                                   ended->end.exit_code,
                                   ended->end.reason.empty() ? "" : " " + ended->end.reason,
                                   ended->end.out_of_memory ? " (memory)" : ""));
      } else if (std::holds_alternative<RoomChanged>(event)) {
        told.emplace_back("room");
      }
    }
  }
};

}  // namespace

TEST_CASE("a job has room when it runs, and what it waits for is Slurm's word") {
  World world;
  world.slurm.queue = "7|PENDING|Resources|t\n8|PENDING|Dependency|t\n";
  CHECK(world.told_within(1s).empty());
  CHECK_FALSE(world.runner.has_room_for(world.jobs[0]));
  CHECK(world.runner.waits_for(world.jobs[0]) == "Slurm (Resources)");
  CHECK(world.looks == 1);
  CHECK(world.troubles == Lines{""});
  SECTION("as the queue tells") {
    world.slurm.queue = "7|RUNNING|None|t\n8|PENDING|Dependency|t\n";
    CHECK(world.told_within(3s) == Lines{"room"});
  }
  SECTION("as its script tells, which may be earlier") {
    world.files.add("/run/logs/1-a.state", "begun 100 node7\n");
    CHECK(world.told_within(200ms) == Lines{"room"});
  }
  CHECK(world.runner.has_room_for(world.jobs[0]));
  CHECK_FALSE(world.runner.has_room_for(world.jobs[1]));
}

TEST_CASE("what a job writes is told as it comes, and its end after all of it") {
  World world;
  world.slurm.queue = "7|RUNNING|None|t\n8|PENDING|Dependency|t\n";
  world.told_within(1s);
  world.runner.start(world.jobs[0]);
  world.files.add("/run/logs/1-a.state", "begun 100.250 node7\n");
  world.files.add("/run/logs/1-a.out", "one\n");
  CHECK(world.told_within(200ms) == Lines{"0 1 one\n"});
  world.files.add("/run/logs/1-a.out", "one\ntwo\n");
  world.files.add("/run/logs/1-a.err", "oh\n");
  SECTION("well") {
    world.files.add("/run/logs/1-a.state", "begun 100.250 node7\nended 0 102\n");
    CHECK(world.told_within(200ms) == Lines{"0 1 two\n", "0 2 oh\n", "0 Succeeded 0"});
  }
  SECTION("well, and what it wrote is seen later") {
    world.files.add("/run/logs/1-a.state", "begun 100.250 node7\nended 0 102.000 8 6\n");
    CHECK(world.told_within(200ms) == Lines{"0 1 two\n", "0 2 oh\n"});
    world.files.add("/run/logs/1-a.err", "oh\nyes");
    CHECK(world.told_within(200ms) == Lines{"0 2 yes", "0 Succeeded 0"});
  }
  SECTION("badly, when Slurm has said whether there was more to it") {
    world.files.add("/run/logs/1-a.state", "begun 100.250 node7\nended 3 102\n");
    CHECK(world.told_within(200ms) == Lines{"0 1 two\n", "0 2 oh\n"});
    world.slurm.queue = "7|FAILED|NonZeroExitCode|t\n";
    CHECK(world.told_within(3s) == Lines{"room", "0 Failed 3"});
  }
  SECTION("badly, and Slurm says nothing") {
    world.files.add("/run/logs/1-a.state", "begun 100.250 node7\nended 3 102\n");
    CHECK(world.told_within(9s) == Lines{"0 1 two\n", "0 2 oh\n"});
    CHECK(world.told_within(2s) == Lines{"0 Failed 3"});
  }
}

TEST_CASE("an end that the script could not tell is told as Slurm knows it") {
  struct Case {
    const char* queue;
    const char* told;
  };

  const auto is = GENERATE(values<Case>({
      {"7|COMPLETED|None|t\n", "0 Succeeded 0"},
      {"7|CANCELLED|None|t\n", "0 Cancelled 0 Slurm job 7 was cancelled"},
      {"7|TIMEOUT|TimeLimit|t\n", "0 Failed 0 took longer than its timeout of 1m30s"},
      {"7|OUT_OF_MEMORY|OutOfMemory|t\n", "0 Failed 0 exceeded 50Mi of memory (memory)"},
      {"7|NODE_FAIL|None|t\n", "0 Failed 0 Slurm job 7 ended as NODE_FAIL"},
      {"7|FAILED|JobLaunchFailure|t\n", "0 Failed 0 Slurm job 7 ended as FAILED: JobLaunchFailure"},
      {"", "0 Failed 0 Slurm does not know job 7 any more, and it has left no word of its end"},
  }));
  World world;
  world.slurm.queue = "7|RUNNING|None|t\n8|RUNNING|None|t\n";
  world.told_within(1s);
  world.runner.start(world.jobs[0]);
  world.slurm.queue = std::string(is.queue) + "8|RUNNING|None|t\n";
  CHECK(world.told_within(14s) == Lines{is.told});
}

TEST_CASE("a job that writes much is told in pieces, all of it") {
  World world;
  world.slurm.queue = "7|RUNNING|None|t\n8|RUNNING|None|t\n";
  world.told_within(1s);
  world.runner.start(world.jobs[0]);
  const std::string much(40U << 20U, 'x');
  world.files.add("/run/logs/1-a.out", much);
  world.files.add("/run/logs/1-a.state", fmt::format("begun 1 n\nended 0 2 {} 0\n", much.size()));
  std::size_t told = 0;
  while (true) {
    const JobEvent event = world.runner.wait(world.clock.steady() + 1min);
    if (const auto* output = std::get_if<JobOutput>(&event)) {
      told += output->bytes.size();
    } else if (std::holds_alternative<JobEnded>(event)) {
      break;
    }
    REQUIRE_FALSE(std::holds_alternative<DeadlineReached>(event));
  }
  CHECK(told == much.size());
}

TEST_CASE("what the queue has forgotten is asked of the accounting") {
  World world;
  world.slurm.queue = "7|RUNNING|None|t\n8|RUNNING|None|t\n";
  world.told_within(1s);
  world.runner.start(world.jobs[0]);
  world.slurm.queue = "8|RUNNING|None|t\n";
  world.slurm.accounts = "7|TIMEOUT\n7.batch|CANCELLED\n";
  CHECK(world.told_within(3s) == Lines{"0 Failed 0 took longer than its timeout of 1m30s"});
  CHECK(std::ranges::count(world.slurm.asked(),
                           std::string("sacct --noheader --parsable2 --format=JobID,State --jobs=7")) == 1);
  CHECK(read_accounting("9|CANCELLED by 1000\n").at("9").state == "CANCELLED");
}

TEST_CASE("memory that a command ran out of is told, whatever its script has said") {
  World world;
  world.slurm.queue = "7|RUNNING|None|t\n8|RUNNING|None|t\n";
  world.told_within(1s);
  world.runner.start(world.jobs[0]);
  world.files.add("/run/logs/1-a.state", "begun 100 n\nended 137 102\n");
  world.slurm.queue = "7|OUT_OF_MEMORY|OutOfMemory|t\n8|RUNNING|None|t\n";
  CHECK(world.told_within(3s) == Lines{"0 Failed 0 exceeded 50Mi of memory (memory)"});
}

TEST_CASE("that Slurm is away is told once, and it is asked less and less often") {
  World world;
  world.slurm.refusal = "slurm_load_jobs error: Unable to contact slurm controller\n";
  const Lines told = world.told_within(59s);
  REQUIRE(told.size() == 1);
  CHECK(told.front() ==
        "0 says `squeue` failed with exit code 1 (slurm_load_jobs error: Unable to contact slurm controller); the "
        "jobs go on, and it is asked again");
  CHECK(world.slurm.asked().size() == 5);  // at 0, 2, 6, 14 and 30 seconds
  CHECK(world.looks == 1);
  CHECK(world.troubles.size() == 1);
  world.slurm.refusal.clear();
  world.slurm.queue = "7|RUNNING|None|t\n8|PENDING|Dependency|t\n";
  CHECK(world.told_within(30s) == Lines{"0 says Slurm answers again", "room"});
  CHECK(world.troubles.back().empty());
}

TEST_CASE("a program of Slurm that says nothing is ended") {
  World world;
  world.slurm.is_mute = true;
  const Lines told = world.told_within(31s);
  REQUIRE(told.size() == 1);
  CHECK(told.front() == "0 says `squeue` did not answer in time; the jobs go on, and it is asked again");
}

TEST_CASE("jobs are cancelled all in one call, those that wait as well") {
  World world;
  world.slurm.queue = "7|RUNNING|None|t\n8|PENDING|Dependency|t\n";
  world.told_within(1s);
  world.runner.start(world.jobs[0]);
  world.runner.stop_all(JobRunner::Force::politely);
  CHECK(world.told_within(1s).empty());
  CHECK(world.slurm.asked().back().starts_with("squeue"));
  CHECK(std::ranges::count(world.slurm.asked(), std::string("scancel 7 8")) == 1);
  world.slurm.queue = "7|CANCELLED|None|t\n8|PENDING|None|t\n";
  CHECK(world.told_within(3s) == Lines{"0 Cancelled 0"});
  CHECK(world.runner.finish(1s) == Lines{"8"});
  world.slurm.queue = "7|CANCELLED|None|t\n8|CANCELLED|None|t\n";
  CHECK(world.runner.finish(1s).empty());
}

TEST_CASE("what waits for a step that failed is taken out of the queue at the end") {
  World world;
  world.slurm.queue = "7|RUNNING|None|t\n8|PENDING|Dependency|t\n";
  world.told_within(1s);
  world.runner.start(world.jobs[0]);
  world.files.add("/run/logs/1-a.state", "begun 100 n\nended 1 101\n");
  world.slurm.queue = "7|FAILED|NonZeroExitCode|t\n8|PENDING|Dependency|t\n";
  CHECK(world.told_within(3s) == Lines{"0 Failed 1"});
  CHECK(world.runner.finish(1s) == Lines{"8"});
  CHECK(std::ranges::count(world.slurm.asked(), std::string("scancel 8")) == 1);
}

TEST_CASE("who asks twice does not wait for a Slurm that is away") {
  World world;
  world.slurm.queue = "7|RUNNING|None|t\n8|PENDING|Dependency|t\n";
  world.told_within(1s);
  world.runner.start(world.jobs[0]);
  world.slurm.refusal = "away\n";
  world.runner.stop_all(JobRunner::Force::politely);
  CHECK(world.told_within(5s).size() == 1);
  world.runner.stop_all(JobRunner::Force::at_once);
  CHECK(world.told_within(1s) == Lines{"0 Cancelled 0 Slurm job 7 was told to end, and whether it has is not known"});
}

TEST_CASE("Ctrl-C is for the jobs, and what else ends ame leaves them alone") {
  World world;
  world.slurm.queue = "7|RUNNING|None|t\n8|PENDING|Dependency|t\n";
  world.told_within(1s);
  world.slurm.next = {StopRequested{SIGINT}, StopRequested{SIGHUP}};
  CHECK(std::get<StopRequested>(world.runner.wait(std::nullopt)).signal == SIGINT);
  CHECK(failure_of([&] { world.runner.wait(std::nullopt); }) ==
        "fit-1 is not followed any more; its jobs go on\nhint: `ame task attach fit-1` watches it again");
}

TEST_CASE("what Slurm and the scripts write down is read as far as it goes") {
  const Queue queue = read_queue("7|PENDING|Resources|a|b\n8_3|RUNNING|None|\nnonsense\n9|COMPL");
  CHECK(queue == Queue{{"7", {.state = "PENDING", .reason = "Resources", .comment = "a|b"}},
                       {"8_3", {.state = "RUNNING", .reason = "None", .comment = ""}}});
  const SubmittedJobs submitted = read_submitted("7 steps/1-a.sh\n8_0 steps/2-b@x=1.sh\n9 steps/3");
  CHECK(submitted.numbers == std::map<std::size_t, std::string>{{0, "7"}, {1, "8_0"}});
  CHECK_FALSE(submitted.are_all);
  CHECK(read_submitted("7 steps/1-a.sh\ncomplete\n").are_all);
  const ToldState told = read_told("begun 1764400000.125 node7\nended 3 17644000");
  CHECK(told.begun == 1764400000125);
  CHECK(told.node == "node7");
  CHECK_FALSE(told.exit_code);
  CHECK(read_told("begun 17.%3N n\nended 3 18.%3N\n").ended == 18000);
  CHECK(read_told("begun 17 n\n0m0.01s 0m0.02s\n1m2.5s 0m0.125s\nended 0 18\n").cpu == 62'625ms);
  CHECK(read_told("begun 17 n\nms s\n0m1s\n").cpu == 1s);
}

}  // namespace ame::clusters
