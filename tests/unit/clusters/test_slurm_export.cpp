// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "clusters/environment_program.hpp"
#include "clusters/slurm/slurm_export.hpp"
#include "clusters/slurm/slurm_fit.hpp"
#include "clusters/slurm/slurm_jobs.hpp"
#include "core/run/job_environment.hpp"
#include "tests/support/memory_file_system.hpp"
#include "tests/support/small_graph.hpp"

namespace ame {
namespace {

/// What two steps become, where the second needs the first.
struct Exported {
  explicit Exported(Task task) {
    graph = small_graph({{.name = "first"}, {.name = "a/b@x=1", .needs = {"first"}, .task = std::move(task)}});
    plans.assign(2, {.command = ShellCommand{"echo 'it is'"}});
    jobs = make_jobs(graph, plans, {.run = {}, .caller = {}, .command_line = {}});
  }

  std::vector<clusters::RenderedFile> run() {
    return clusters::slurm_export(graph, jobs, {.project = "/shared/p", .partition = "gpu", .account = "lab"}, files);
  }

  std::vector<std::string> warnings() {
    std::vector<std::string> messages;
    for (const Diagnostic& diagnostic : clusters::slurm_fit(graph, jobs, /*is_followed=*/false)) {
      messages.push_back(diagnostic.message);
    }
    return messages;
  }

  TaskGraph graph;
  std::vector<StepPlan> plans;
  std::vector<Job> jobs;
  MemoryFileSystem files;
};

}  // namespace

TEST_CASE("resources become what Slurm calls them") {
  Task task;
  task.resources.cpu = Quantity::of_milli(2500);
  task.resources.memory = Quantity::of_whole((300 << 20) + 1);
  task.resources.gpu = GpuRequest{.vendor = "nvidia", .model = "H200", .count = Quantity::of_whole(2)};
  task.timeout = std::chrono::seconds(61);
  task.node_selector = {{.key = "kind", .value = "fast"}, {.key = "site", .value = "a b"}};
  const auto exported = Exported(task).run();
  CHECK(Exported(task).warnings().empty());
  CHECK(exported.at(2).name == "steps/2-a-b-x-1.sh");
  CHECK(
      exported.at(2).text.starts_with("#!/bin/sh\n"
                                      "#SBATCH --job-name=a-b-x-1\n"
                                      "#SBATCH --partition=gpu\n"
                                      "#SBATCH --account=lab\n"
                                      "#SBATCH --nodes=1\n"
                                      "#SBATCH --ntasks=1\n"
                                      "#SBATCH --cpus-per-task=3\n"
                                      "#SBATCH --mem=301M\n"
                                      "#SBATCH --gres=gpu:H200:2\n"
                                      "#SBATCH --time=2\n"
                                      "#SBATCH --constraint=fast&a-b\n"
                                      "#SBATCH --no-requeue\n"));
  CHECK(exported.at(2).text.ends_with("\nexec /bin/sh -c 'echo '\\''it is'\\'''\n"));
}

TEST_CASE("a step waits for those that it needs") {
  const auto exported = Exported(Task{}).run();
  CHECK(exported.at(0).name == "submit.sh");
  CHECK(exported.at(0).text.find(
            "\name_1=$(sbatch --parsable --output=\"$logs/%x-%j.out\" \"$here/steps/1-first.sh\")\n") !=
        std::string::npos);
  CHECK(exported.at(0).text.find("\name_2=$(sbatch --parsable --output=\"$logs/%x-%j.out\" "
                                 "--dependency=\"afterok:${ame_1%%;*}\" --kill-on-invalid-dep=yes "
                                 "\"$here/steps/2-a-b-x-1.sh\")\n") != std::string::npos);
}

TEST_CASE("the steps of a matrix are an array, and who needs some of them waits for those") {
  TaskGraph graph = small_graph({{.name = "a"},
                                 {.name = "m@x=1", .needs = {"a"}},
                                 {.name = "m@x=2", .needs = {"a"}},
                                 {.name = "m@x=3"},
                                 {.name = "all", .needs = {"m@x=1", "m@x=2", "m@x=3", "a"}},
                                 {.name = "some", .needs = {"m@x=2"}}});
  for (const StepIndex step : {1, 2, 3}) {
    graph.steps[step].bindings = {{.key = "x", .value = "v"}};
  }
  const clusters::SlurmJobs planned(graph, [](StepIndex) { return std::string(); });
  const std::vector<clusters::SlurmJob>& jobs = planned.all();
  const auto number = [](std::size_t job) { return std::to_string(job + 11); };
  REQUIRE(jobs.size() == 5);
  CHECK(jobs[1].steps == std::vector<StepIndex>{1, 2});
  CHECK(jobs[2].steps == std::vector<StepIndex>{3});
  CHECK(planned.dependencies_of(jobs[1], number) == "afterok:11");
  CHECK(planned.dependencies_of(jobs[3], number) == "afterok:11:12:13");
  CHECK(planned.dependencies_of(jobs[4], number) == "afterok:12_1");
  CHECK(planned.number_of(2, number) == "12_1");
  CHECK(planned.number_of(3, number) == "13");
  const clusters::SlurmJobs apart(graph, [](StepIndex step) { return std::to_string(step); });
  CHECK(apart.all().size() == 6);
}

TEST_CASE("what Slurm cannot be told is named") {
  Task task;
  task.resources.gpu = GpuRequest{.count = Quantity::of_milli(500), .memory = Quantity::of_whole(1)};
  task.resources.extended = {{.key = "vendor.tld/fpga", .amount = Quantity::of_whole(1)}};
  task.when = "env.X";
  task.retries.on_out_of_memory = true;
  task.ignore_errors = true;
  task.cache.inputs = {"a"};
  task.artifacts.save_changed_files = true;
  task.secrets = {{.key = "k", .inject_as = "K"}, {.key = "f", .inject_as_file = "f"}};
  Exported exported(task);
  exported.plans[1].image = "debian";
  CHECK(exported.warnings() == std::vector<std::string>{
                                   "`gpu` of `a/b@x=1`: Slurm gives whole devices, so the part becomes a whole one",
                                   "`gpu` of `a/b@x=1`: Slurm knows nothing of the memory of a device",
                                   "`resources` of `a/b@x=1`: `vendor.tld/fpga` is for Kubernetes",
                                   "`image` of `a/b@x=1`: the step runs on the node itself, not in `debian`",
                                   "`when` of `a/b@x=1`: Slurm cannot ask, so the step always runs",
                                   "`onOutOfMemory` of `a/b@x=1`: a job cannot be given more memory than it began with",
                                   "`cache` of `a/b@x=1`: the step always runs",
                                   "`artifacts` of `a/b@x=1`: files stay where the step leaves them",
                                   "`secrets` of `a/b@x=1`: `K` has to be in the environment of `submit.sh`",
                                   "`secrets` of `a/b@x=1`: `f` reaches the job by a variable alone",
                               });
}

TEST_CASE("which Pythons fit is said as Python reads it") {
  using clusters::python_condition;
  CHECK(python_condition({}) == "True");
  CHECK(python_condition({.constraint = "3.11"}) == "v >= (3, 11, 0) and v < (3, 12, 0)");
  CHECK(python_condition({.constraint = ">=3.9"}) == "v >= (3, 9, 0)");
  CHECK(python_condition({.constraint = "3.11.4"}) == "v >= (3, 11, 4) and v < (3, 11, 5)");
  CHECK(python_condition({.constraint = "3.9 || ^3.11"}) ==
        "v >= (3, 9, 0) and v < (3, 10, 0) or v >= (3, 11, 0) and v < (4, 0, 0)");
}

TEST_CASE("the key of an environment for a cluster changes with what shapes it, and with nothing else") {
  MemoryFileSystem files;
  files.make_directories("/p");
  files.write_atomically("/p/requirements.txt", "numpy==1\n");
  EnvironmentPlan plan{.manager = "pip", .python = {}, .inputs = {"requirements.txt"}};
  const std::string before = clusters::environment_plan_json(plan, "/p", files);
  CHECK(clusters::environment_plan_json(plan, "/p", files) == before);
  files.write_atomically("/p/requirements.txt", "numpy==2\n");
  CHECK(clusters::environment_plan_json(plan, "/p", files) != before);
}

}  // namespace ame
