// SPDX-License-Identifier: Apache-2.0
#include "clusters/slurm_engine.hpp"

#include <chrono>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "clusters/line_fields.hpp"
#include "clusters/shared_files.hpp"
#include "clusters/slurm_end.hpp"
#include "clusters/slurm_export.hpp"
#include "clusters/slurm_job_runner.hpp"
#include "clusters/slurm_queue.hpp"
#include "clusters/step_script.hpp"
#include "core/run/ask_program.hpp"

namespace ame::clusters {

namespace {

namespace fs = std::filesystem;

using std::chrono::milliseconds;

constexpr milliseconds patience_with_submission{3'600'000};
constexpr milliseconds patience_with_questions{30'000};

std::string numbers_text(const SubmittedJobs& submitted) {
  const std::string& first = submitted.numbers.begin()->second;
  const std::string& last = submitted.numbers.rbegin()->second;
  return first == last ? "job " + first : fmt::format("jobs {} to {}", first, last);
}

class SlurmEngine final : public Engine {
 public:
  SlurmEngine(Cluster cluster, EnginePorts ports)
      : cluster_(std::move(cluster)),
        ports_(std::move(ports)) {}

  [[nodiscard]] const char* title() const override { return "Slurm"; }

  std::string reach() override;

  [[nodiscard]] std::vector<Diagnostic> fit(const Work& work) const override {
    return slurm_fit(work.graph, work.jobs, /*is_followed=*/true);
  }

  [[nodiscard]] std::vector<RenderedFile> render(const Work& work) const override {
    return slurm_export(work.graph,
                        work.jobs,
                        {.project = work.project,
                         .partition = cluster_.partition,
                         .account = cluster_.account,
                         .is_followed = true,
                         .has_secrets = work.has_secrets},
                        ports_.files);
  }

  std::size_t send(const Shipment& files, const Work& /*work*/, const PlaceOfRun& to) override {
    ports_.files.make_directories(to.directory, FileMode::owner_only);
    return share_files(files, contents(), to.project(), ports_);
  }

  void take_over(const fs::path& earlier, const PlaceOfRun& to) override;
  std::string hand_over(const Work& work, const std::vector<SecretText>& secrets, const PlaceOfRun& to) override;

  [[nodiscard]] bool is_handed_over(const PlaceOfRun& place) override { return submitted(place).are_all; }

  std::unique_ptr<EngineRunner> follow(const PlaceOfRun& place,
                                       const TaskGraph& graph,
                                       const std::string& name,
                                       Listener listener) override;
  std::map<StepIndex, std::string> waiting(const PlaceOfRun& place) override;
  void take_back(const PlaceOfRun& place) override;

  void put_away(const PlaceOfRun& place) override { ports_.files.remove_all(place.directory / "secrets"); }

  void forget(const PlaceOfRun& place) override {
    const fs::path parent = place.directory.parent_path();
    if (parent == cluster_.directory / "runs" || parent == cluster_.directory / "tests") {
      ports_.files.remove_all(place.directory);
    }
  }

  OldContents prune(UtcTime before, Pruning pruning) override {
    return prune_contents(contents(), before, pruning, ports_);
  }

  [[nodiscard]] std::string help_with_what_is_left() const override {
    return "`squeue` shows them, `scancel` ends them";
  }

 private:
  [[nodiscard]] fs::path contents() const { return cluster_.directory / "contents"; }

  [[nodiscard]] SubmittedJobs submitted(const PlaceOfRun& place) const {
    return read_submitted(ports_.files.read(place.directory / "submitted").value_or(""));
  }

  void write_scripts(const Work& work, const PlaceOfRun& to);
  void write_secrets(const Work& work, const std::vector<SecretText>& secrets, const PlaceOfRun& to);
  SubmittedJobs submit(const PlaceOfRun& place);
  Queue queue_of(const PlaceOfRun& place);
  [[nodiscard]] Error refused(const std::string& program, const ProgramAnswer& answer) const;
  [[nodiscard]] std::vector<std::string> environment() const;

  ProgramAnswer ask(std::vector<std::string> argv,
                    std::vector<std::string> variables,
                    milliseconds patience,
                    const fs::path& directory) {
    return ask_programs(ports_.processes,
                        ports_.clock,
                        {{.argv = std::move(argv), .environment = std::move(variables), .directory = directory}},
                        patience)
        .front();
  }

  Cluster cluster_;
  EnginePorts ports_;
};

/// With which the programs of Slurm are started: all that ame was started with but its own variables.
std::vector<std::string> SlurmEngine::environment() const {
  std::vector<std::string> variables;
  for (const auto& [key, value] : ports_.caller) {
    const bool is_replaced = key == "SLURM_CONF" && !cluster_.config.empty();
    if (!key.starts_with("AME_") && !is_replaced) {
      variables.push_back(fmt::format("{}={}", key, value));
    }
  }
  if (!cluster_.config.empty()) {
    variables.push_back("SLURM_CONF=" + cluster_.config.string());
  }
  return variables;
}

Error SlurmEngine::refused(const std::string& program, const ProgramAnswer& answer) const {
  return {ExitCode::cluster,
          Diagnostic{.message = fmt::format("the cluster `{}`: {} {}", cluster_.name, program, answer.failure()),
                     .hint = fmt::format("`ame cluster test {}` says what of it works", cluster_.name)}};
}

std::string SlurmEngine::reach() {
  const ProgramAnswer answer =
      ask({"sinfo", "--noheader", "--format=%R"}, environment(), patience_with_questions, fs::path("/"));
  if (!answer.is_fine()) {
    throw refused("`sinfo`", answer);
  }
  std::vector<std::string_view> partitions = whole_lines(answer.output);
  return fmt::format("{} {}", partitions.size() == 1 ? "partition" : "partitions", fmt::join(partitions, ", "));
}

void SlurmEngine::take_over(const fs::path& earlier, const PlaceOfRun& to) {
  ports_.files.make_directories(to.directory, FileMode::owner_only);
  copy_project(earlier, to, environment(), ports_);
}

std::string SlurmEngine::hand_over(const Work& work, const std::vector<SecretText>& secrets, const PlaceOfRun& to) {
  write_scripts(work, to);
  write_secrets(work, secrets, to);
  return numbers_text(submit(to));
}

void SlurmEngine::write_scripts(const Work& work, const PlaceOfRun& to) {
  FileSystem& files = ports_.files;
  files.make_directories(to.directory, FileMode::owner_only);
  for (const RenderedFile& file : render(work)) {
    const fs::path path = to.directory / file.name;
    files.make_directories(path.parent_path());
    files.write_atomically(path, file.text, FileMode::executable);
  }
  files.make_directories(to.directory / "logs");
}

/// Each step's in a file that its script reads and removes, and that nobody else can read.
void SlurmEngine::write_secrets(const Work& work, const std::vector<SecretText>& secrets, const PlaceOfRun& to) {
  const fs::path directory = to.directory / "secrets";
  for (StepIndex step = 0; step < secrets.size(); ++step) {
    if (!secrets[step].empty()) {
      ports_.files.make_directories(directory, FileMode::owner_only);
      ports_.files.write_atomically(
          directory / name_of_step(step, work.graph.steps[step]), secrets[step].reveal(), FileMode::owner_only);
    }
  }
}

SubmittedJobs SlurmEngine::submit(const PlaceOfRun& place) {
  std::vector<std::string> variables = environment();
  const auto cache = ports_.caller.find("AME_CLUSTER_CACHE");
  variables.push_back("AME_RUN_ID=" + place.run);
  variables.push_back("AME_RUN_TOKEN=" + place.token());
  variables.push_back("AME_CLUSTER_PROJECT=" + place.project().string());
  variables.push_back("AME_CLUSTER_CACHE=" + (cache == ports_.caller.end() || cache->second.empty()
                                                  ? (cluster_.directory / "cache").string()
                                                  : cache->second));
  bool was_broken_off = true;
  try {
    const ProgramAnswer answer = ask({"/bin/sh", (place.directory / "submit.sh").string()},
                                     std::move(variables),
                                     patience_with_submission,
                                     place.directory);
    SubmittedJobs jobs = submitted(place);
    if (answer.is_fine() && jobs.are_all) {
      return jobs;
    }
    // A script that ended by itself has taken back what it submitted; where that was nothing, nobody has to be asked.
    was_broken_off = answer.was_late || answer.end.signal != 0 || !jobs.numbers.empty();
    throw refused("submitting", answer);
  } catch (const Error& error) {
    if (!was_broken_off) {
      put_away(place);
      throw;
    }
    throw after_taking_back(error, *this, place);
  }
}

std::unique_ptr<EngineRunner> SlurmEngine::follow(const PlaceOfRun& place,
                                                  const TaskGraph& graph,
                                                  const std::string& name,
                                                  Listener listener) {
  const SubmittedJobs jobs = submitted(place);
  SlurmRun run{.name = name,
               .directory = place.directory,
               .names = {},
               .numbers = {},
               .environment = environment(),
               .listener = std::move(listener)};
  for (StepIndex step = 0; step < graph.steps.size(); ++step) {
    run.names.push_back(name_of_step(step, graph.steps[step]));
    run.numbers.push_back(jobs.numbers.at(step));
  }
  return std::make_unique<SlurmJobRunner>(std::move(run), ports_.files, ports_.processes, ports_.clock);
}

Queue SlurmEngine::queue_of(const PlaceOfRun& place) {
  const ProgramAnswer queue = ask(queue_command(), environment(), patience_with_questions, place.directory);
  if (!queue.is_fine()) {
    throw refused("`squeue`", queue);
  }
  return read_queue(queue.output);
}

std::map<StepIndex, std::string> SlurmEngine::waiting(const PlaceOfRun& place) {
  const Queue queue = queue_of(place);
  std::map<StepIndex, std::string> waiting;
  for (const auto& [step, number] : submitted(place).numbers) {
    const auto job = queue.find(number);
    if (job != queue.end() && phase_of(job->second) == QueuePhase::waiting) {
      const std::string reason = reason_of(job->second);
      const std::string meaning = meaning_of_reason(reason);
      waiting[static_cast<StepIndex>(step)] =
          reason.empty() ? "Slurm" : fmt::format("Slurm ({}{})", reason, meaning.empty() ? "" : ": " + meaning);
    }
  }
  return waiting;
}

void SlurmEngine::take_back(const PlaceOfRun& place) {
  put_away(place);
  std::set<std::string> left;
  for (const auto& [number, job] : queue_of(place)) {
    if (job.comment == place.token() && phase_of(job) != QueuePhase::over) {
      left.insert(number);
    }
  }
  if (left.empty()) {
    return;
  }
  const ProgramAnswer cancelled =
      ask(cancel_command({left.begin(), left.end()}), environment(), patience_with_questions, place.directory);
  if (!cancelled.is_fine()) {
    throw refused("`scancel`", cancelled);
  }
}

}  // namespace

void require_sense_of_slurm(const Cluster& cluster) {
  if (cluster.directory.empty()) {
    throw Error(
        ExitCode::usage,
        Diagnostic{.message = "a cluster of kind `slurm` needs `--directory`",
                   .hint = "one that is the same on this machine and on the cluster's, as `--directory ~/ame`"});
  }
}

std::unique_ptr<Engine> make_slurm_engine(const Cluster& cluster, EnginePorts ports) {
  return std::make_unique<SlurmEngine>(cluster, std::move(ports));
}

}  // namespace ame::clusters
