// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/files/tree.hpp"
#include "core/graph/task_graph.hpp"
#include "core/model/cluster.hpp"
#include "core/model/secret_text.hpp"
#include "core/ports/clock.hpp"
#include "core/run/job.hpp"

namespace ame::clusters {

/// A run where a cluster sees it.
struct PlaceOfRun {
  Cluster cluster;
  std::filesystem::path directory;  ///< of this run alone
  std::string run;                  ///< its number

  /// Where its steps leave their files.
  [[nodiscard]] std::filesystem::path project() const { return directory / "project"; }

  /// Names it at the engine, where no other run bears the name.
  [[nodiscard]] std::string token() const { return directory.filename().string(); }
};

/// A graph for other machines. All that it refers to outlives it.
struct Work {
  const TaskGraph& graph;
  const std::vector<Job>& jobs;   ///< jobs[i] belongs to graph.steps[i]; they inherit no variables of a caller
  std::filesystem::path project;  ///< where the project's files are on this machine
  bool has_secrets = false;       ///< some step is given what stands in no script
  bool keeps_files = false;       ///< what steps change is wanted in `project` of the place, where ame can see it
};

/// A file that is written for an engine.
struct RenderedFile {
  std::string name;  ///< "steps/1-prepare.sh"
  std::string text;
};

/// Files and links of one directory, which come to the same places below that of the run.
struct ShipmentPart {
  std::filesystem::path top;
  Tree tree;
};

/// The files that go to a cluster: those of a project, and what lies elsewhere and belongs among them. No path is in
/// two of the parts.
struct Shipment {
  std::vector<ShipmentPart> parts;

  /// Called after each content that was not there, with how many files and bytes it is; never by two threads at once.
  /// What it throws ends the sending.
  std::function<void(std::size_t files, std::uint64_t bytes)> sent = [](std::size_t /*files*/,
                                                                        std::uint64_t /*bytes*/) {};
};

/// What was sent long ago and is kept only so that it is not sent again.
struct OldContents {
  std::size_t files = 0;
  std::uint64_t bytes = 0;
};

enum class Pruning : bool { look_only, remove };

/// Who wants to hear of a run while it is followed.
struct Listener {
  /// Called once, when for the first time it is known how all steps are, or that the engine does not answer.
  std::function<void()> looked = [] {};

  /// Called when the engine does not answer any more, with what is wrong, and when it answers (again), with nothing.
  std::function<void(const std::string& trouble)> troubled = [](const std::string& /*trouble*/) {};
};

/// Runs the steps of one run at an engine, or follows them there: the engine has a queue, and is asked for each step
/// whether there is room for it; what runs there does so whether or not ame is there.
class EngineRunner : public JobRunner {
 public:
  [[nodiscard]] bool has_capacity() const override { return true; }

  [[nodiscard]] bool jobs_outlive_us() const override { return true; }

  [[nodiscard]] bool retries_itself() const override { return true; }

  [[nodiscard]] bool rooms_differ() const override { return true; }

  /// Once nobody waits for a step any more: waits until none is there. Names, as the engine knows them, of those that
  /// still are when the time has passed.
  virtual std::vector<std::string> finish(std::chrono::milliseconds at_most) = 0;
};

/// What runs tasks on other machines, as one cluster has it. Every verb throws Error(cluster) that names the cluster
/// where the engine does not do it, and can be called again.
class Engine {
 public:
  virtual ~Engine() = default;

  /// As people call it: "Slurm".
  [[nodiscard]] virtual const char* title() const = 0;

  /// Asks whether it is there and lets the user in; what it says of itself: "partition main", "Funnel 0.12".
  virtual std::string reach() = 0;

  /// What the work says and the engine cannot be told, each a warning with its place.
  [[nodiscard]] virtual std::vector<Diagnostic> fit(const Work& work) const = 0;

  /// What it would be told of the work; nothing is done. Where one of the files submits the others, it is the first.
  [[nodiscard]] virtual std::vector<RenderedFile> render(const Work& work) const = 0;

  /// Brings the files there, as they are now. What a break leaves undone goes the next time. Returns how many contents
  /// were not there already.
  virtual std::size_t send(const Shipment& files, const Work& work, const PlaceOfRun& to) = 0;

  /// In place of sending: goes on with the files that the steps of an earlier run, in this directory, have left.
  virtual void take_over(const std::filesystem::path& earlier, const PlaceOfRun& to) = 0;

  /// Hands the work over, whole; secrets[i], shell lines, are for step i alone, and may be none at all. Returns what
  /// the engine calls it: "jobs 17 to 21". When it throws, nothing of it is left there.
  virtual std::string hand_over(const Work& work, const std::vector<SecretText>& secrets, const PlaceOfRun& to) = 0;

  /// Whether that was done to its end.
  [[nodiscard]] virtual bool is_handed_over(const PlaceOfRun& place) = 0;

  /// Requires that it was. `name` is for messages: "train-142". The graph outlives the runner.
  virtual std::unique_ptr<EngineRunner> follow(const PlaceOfRun& place,
                                               const TaskGraph& graph,
                                               const std::string& name,
                                               Listener listener) = 0;

  /// What steps wait for now, as a phrase, by their index; those that do not wait are left out.
  virtual std::map<StepIndex, std::string> waiting(const PlaceOfRun& place) = 0;

  /// Ends what there is of a run, by whomever it was begun, and removes its secrets.
  virtual void take_back(const PlaceOfRun& place) = 0;

  /// Removes what only steps that run need: their secrets.
  virtual void put_away(const PlaceOfRun& place) = 0;

  /// Removes what is kept of a run that is over. Does nothing for a place that no run was given.
  virtual void forget(const PlaceOfRun& place) = 0;

  /// Contents that were sent before a time. They only spare sending them again.
  virtual OldContents prune(UtcTime before, Pruning pruning) = 0;

  /// How a person sees and ends what is left there: "`squeue` shows them, `scancel` ends them".
  [[nodiscard]] virtual std::string help_with_what_is_left() const = 0;
};

/// The same error once what there is of the run was taken back, with why that could not be done where it is so.
Error after_taking_back(const Error& error, Engine& engine, const PlaceOfRun& place);

}  // namespace ame::clusters
