// SPDX-License-Identifier: Apache-2.0
#include "clusters/slurm/slurm_engine.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "clusters/shared_files.hpp"
#include "clusters/slurm/slurm_end.hpp"
#include "clusters/slurm/slurm_fit.hpp"
#include "clusters/slurm/slurm_job_runner.hpp"
#include "clusters/slurm/slurm_programs.hpp"
#include "clusters/slurm/slurm_queue.hpp"
#include "clusters/slurm/slurm_rest.hpp"
#include "clusters/slurm/slurm_rest_client.hpp"
#include "clusters/slurm/slurm_transport.hpp"
#include "clusters/step_script.hpp"

namespace ame::clusters {

namespace {

namespace fs = std::filesystem;

std::string numbers_text(const SubmittedJobs& submitted) {
  const std::string& first = submitted.numbers.begin()->second;
  const std::string& last = submitted.numbers.rbegin()->second;
  return first == last ? "job " + first : fmt::format("jobs {} to {}", first, last);
}

class SlurmEngine final : public Engine {
 public:
  SlurmEngine(Cluster cluster, EnginePorts ports)
      : cluster_(std::move(cluster)),
        ports_(std::move(ports)),
        transport_(cluster_.endpoint.empty() ? slurm_by_programs(cluster_, ports_) : slurm_by_rest(cluster_, ports_)) {}

  [[nodiscard]] const char* title() const override { return "Slurm"; }

  std::string reach() override;

  [[nodiscard]] std::vector<Diagnostic> fit(const Work& work) const override {
    return slurm_fit(work.graph, work.jobs, /*is_followed=*/true);
  }

  [[nodiscard]] std::vector<RenderedFile> render(const Work& work) const override {
    return transport_->render(work, options_for(work));
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

  [[nodiscard]] SlurmOptions options_for(const Work& work) const {
    return {.project = work.project,
            .partition = cluster_.partition,
            .account = cluster_.account,
            .is_followed = true,
            .has_secrets = work.has_secrets};
  }

  [[nodiscard]] SubmittedJobs submitted(const PlaceOfRun& place) const {
    return read_submitted(ports_.files.read(place.directory / "submitted").value_or(""));
  }

  void write_scripts(const Work& work, const PlaceOfRun& to);
  void write_secrets(const Work& work, const std::vector<SecretText>& secrets, const PlaceOfRun& to);
  void submit(const Work& work, const PlaceOfRun& place);
  Queue queue_of(const PlaceOfRun& place);

  Cluster cluster_;
  EnginePorts ports_;
  std::unique_ptr<SlurmTransport> transport_;
};

std::string SlurmEngine::reach() {
  const std::vector<std::string> partitions = transport_->partitions();
  return fmt::format("{} {}", partitions.size() == 1 ? "partition" : "partitions", fmt::join(partitions, ", "));
}

void SlurmEngine::take_over(const fs::path& earlier, const PlaceOfRun& to) {
  ports_.files.make_directories(to.directory, FileMode::owner_only);
  copy_project(earlier, to, ports_);
}

std::string SlurmEngine::hand_over(const Work& work, const std::vector<SecretText>& secrets, const PlaceOfRun& to) {
  write_scripts(work, to);
  write_secrets(work, secrets, to);
  submit(work, to);
  return numbers_text(submitted(to));
}

void SlurmEngine::write_scripts(const Work& work, const PlaceOfRun& to) {
  FileSystem& files = ports_.files;
  files.make_directories(to.directory, FileMode::owner_only);
  for (const RenderedFile& file : transport_->scripts(work, options_for(work))) {
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

void SlurmEngine::submit(const Work& work, const PlaceOfRun& place) {
  const auto cache = ports_.caller.find("AME_CLUSTER_CACHE");
  const bool is_elsewhere = cache != ports_.caller.end() && !cache->second.empty();
  const SlurmOptions options = options_for(work);
  try {
    transport_->submit({.work = work,
                        .options = options,
                        .place = place,
                        .cache = is_elsewhere ? fs::path(cache->second) : cluster_.directory / "cache"});
  } catch (const SubmissionFailed& failed) {
    if (!failed.may_have_left()) {
      put_away(place);
      throw Error(failed.code(), failed.diagnostics());
    }
    throw after_taking_back(failed, *this, place);
  } catch (const Error& error) {
    throw after_taking_back(error, *this, place);
  }
}

std::unique_ptr<EngineRunner> SlurmEngine::follow(const PlaceOfRun& place,
                                                  const TaskGraph& graph,
                                                  const std::string& name,
                                                  Listener listener) {
  const SubmittedJobs jobs = submitted(place);
  SlurmRun run{.name = name, .directory = place.directory, .names = {}, .numbers = {}, .listener = std::move(listener)};
  for (StepIndex step = 0; step < graph.steps.size(); ++step) {
    run.names.push_back(name_of_step(step, graph.steps[step]));
    run.numbers.push_back(jobs.numbers.at(step));
  }
  return std::make_unique<SlurmJobRunner>(
      std::move(run), ports_.files, transport_->line(place.directory), ports_.clock);
}

Queue SlurmEngine::queue_of(const PlaceOfRun& place) {
  const SlurmAnswer answer = asked(*transport_->line(place.directory), {.kind = SlurmQuestion::Kind::queue});
  if (!answer.trouble.empty()) {
    throw slurm_trouble(cluster_, answer.trouble);
  }
  return answer.jobs;
}

std::map<StepIndex, std::string> SlurmEngine::waiting(const PlaceOfRun& place) {
  const Queue queue = queue_of(place);
  std::map<StepIndex, std::string> waiting;
  for (const auto& [step, number] : submitted(place).numbers) {
    const QueuedJob* const job = job_in(queue, number);
    if (job != nullptr && phase_of(*job) == QueuePhase::waiting) {
      const std::string reason = reason_of(*job);
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
  const SlurmAnswer cancelled = asked(*transport_->line(place.directory),
                                      {.kind = SlurmQuestion::Kind::cancel, .numbers = {left.begin(), left.end()}});
  if (!cancelled.trouble.empty()) {
    throw slurm_trouble(cluster_, cancelled.trouble);
  }
}

}  // namespace

void complete_slurm(Cluster& cluster, const fs::path& /*own*/) {
  if (cluster.directory.empty()) {
    throw Error(
        ExitCode::usage,
        Diagnostic{.message = "a cluster of kind `slurm` needs `--directory`",
                   .hint = "one that is the same on this machine and on the cluster's, as `--directory ~/ame`"});
  }
  if (cluster.endpoint.empty()) {
    return;
  }
  require_address(cluster.endpoint);
  if (!cluster.auth.empty() && cluster.auth != "jwt") {
    throw Error(ExitCode::usage,
                Diagnostic{.message = fmt::format("slurmrestd knows nothing of `--auth {}`", cluster.auth),
                           .hint = "it is shown a token, which is `--auth jwt`"});
  }
  cluster.auth = "jwt";
  while (cluster.endpoint.ends_with('/')) {
    cluster.endpoint.pop_back();
  }
  const std::string version = version_in(cluster.endpoint);
  const auto& known = slurm_rest_versions();
  if (!version.empty() && std::ranges::find(known, version, &SlurmRestVersion::name) == known.end()) {
    throw Error(ExitCode::usage,
                Diagnostic{.message = fmt::format("ame does not speak `{}` of slurmrestd", version),
                           .hint = fmt::format("without it, it asks for the best of those that it does, {} to {}",
                                               known.back().name,
                                               known.front().name)});
  }
}

std::unique_ptr<Engine> make_slurm_engine(const Cluster& cluster, EnginePorts ports) {
  return std::make_unique<SlurmEngine>(cluster, std::move(ports));
}

}  // namespace ame::clusters
