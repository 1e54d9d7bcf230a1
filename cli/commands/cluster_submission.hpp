// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands/carry_out.hpp"
#include "cli/session.hpp"
#include "clusters/slurm_export.hpp"
#include "clusters/slurm_job_runner.hpp"
#include "clusters/slurm_queue.hpp"
#include "core/error.hpp"
#include "core/model/cluster.hpp"
#include "core/run/job.hpp"
#include "core/secrets/resolve_secrets.hpp"

namespace ame::cli {

/// Scripts run where the project's files are: those of one project. Throws Error(bad_project) for a step of another.
void require_one_project(const PreparedRun& run);

/// The jobs of a run as they are for other machines, which inherit nothing from here.
std::vector<Job> jobs_for_elsewhere(const PreparedRun& run, const RunWishes& wishes);

/// Says what the engine cannot be told. Throws Error(bad_project) for it where that is wished.
void tell_what_cannot_be(const std::vector<Diagnostic>& cannot, bool is_error, Session& session);

/// A run where the cluster sees it.
struct PlaceOfRun {
  Cluster cluster;
  std::filesystem::path directory;  ///< of this run alone
  std::string run;                  ///< its number

  [[nodiscard]] std::filesystem::path project() const { return directory / "project"; }

  /// No job of another run has it as its comment.
  [[nodiscard]] std::string token() const { return directory.filename().string(); }
};

void write_scripts(const clusters::SlurmExport& exported, const PlaceOfRun& place, Session& session);

/// What the command line sets for all steps, apart by whether anybody may see it in a script.
struct GivenVariables {
  std::vector<EnvironmentVariable> plain;
  std::vector<EnvironmentVariable> withheld;  ///< their names say that they are for nobody's eyes
};

GivenVariables given_variables(const RunWishes& wishes);

/// What the steps of a run are given that stands in no script.
struct HandedOver {
  const std::vector<std::vector<StepSecret>>& secrets;  ///< of each step; empty: none has any
  const std::vector<EnvironmentVariable>& variables;    ///< of all

  [[nodiscard]] bool has_any() const;
};

/// Each step's in a file that its script reads and removes, and that nobody else can read.
void write_secrets(const PreparedRun& run, const HandedOver& handed, const PlaceOfRun& place, Session& session);

/// Hands the whole graph over; the numbers of the jobs. Throws Error(cluster), with all of it taken back, when that
/// could not be done whole.
clusters::SubmittedJobs submit(const PlaceOfRun& place,
                               const std::map<std::string, std::string>& caller,
                               Session& session);

/// What of a run has been submitted so far.
clusters::SubmittedJobs submitted_jobs(const PlaceOfRun& place, Session& session);

/// Its jobs as a runner follows them, whole but for who hears of it.
clusters::SlurmRun slurm_run_of(const PlaceOfRun& place,
                                const TaskGraph& graph,
                                const clusters::SubmittedJobs& submitted,
                                Session& session);

/// Where a run is that was frozen; none for one of this machine.
std::optional<PlaceOfRun> place_of(const FrozenRun& frozen, RunId run);

/// What the jobs of its steps wait for now, by the number of the step; those that do not wait are left out. Throws
/// Error(cluster) where that cannot be asked.
std::map<std::size_t, std::string> waiting_jobs(const PlaceOfRun& place, Session& session);

/// Takes back what of a run was submitted, by whomever, and its secrets. Throws Error(cluster) where that cannot be.
void take_back(const PlaceOfRun& place, Session& session);

/// The same error, with why it could not be taken back where that is so.
Error after_taking_back(const Error& error, const PlaceOfRun& place, Session& session);

}  // namespace ame::cli
