// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands/secret_world.hpp"
#include "cli/session.hpp"
#include "core/ports/reporter.hpp"
#include "core/ports/secret_files.hpp"
#include "core/run/frozen_run.hpp"
#include "core/secrets/lease_job_runner.hpp"
#include "core/secrets/secret_job_runner.hpp"

namespace ame::cli {

/// The secrets of one run, from before its first step to its end.
class SecretsOfRun {
 public:
  /// Where the steps run. Files with secrets are made here alone.
  enum class Steps { run_here, run_elsewhere };

  /// Fetches all of them. Throws Error(machine) listing all that are missing. A run without secrets costs nothing.
  SecretsOfRun(Session& session,
               const Project& project,
               const TaskGraph& graph,
               Reporter& reporter,
               Steps steps = Steps::run_here);
  SecretsOfRun(const SecretsOfRun&) = delete;
  SecretsOfRun& operator=(const SecretsOfRun&) = delete;
  ~SecretsOfRun();

  [[nodiscard]] bool empty() const { return secrets_.empty(); }

  /// Those of each step, for who hands them over; empty where there are none at all.
  [[nodiscard]] const std::vector<std::vector<StepSecret>>& of_steps() const { return secrets_.of_steps; }

  /// The variables that steps may inherit: without those that hold secrets.
  [[nodiscard]] std::map<std::string, std::string> inheritable(std::map<std::string, std::string> caller) const;

  /// Takes what equals a secret out of what is kept of the run.
  void hide_in(FrozenRun& frozen, RunRecord& record) const;
  [[nodiscard]] std::string hidden(const std::string& text) const;

  /// Lets caches see that a secret has changed, and nothing of it.
  void mark(std::vector<Job>& jobs) const;

  /// The runner that gives each job its own secrets and lets none of them come back; the given one where there are no
  /// secrets. Good for as long as both live.
  JobRunner& around(JobRunner& runner);

 private:
  Session& session_;
  Reporter& reporter_;
  std::optional<SecretWorld> world_;
  RunSecrets secrets_;
  std::unique_ptr<SecretFiles> files_;
  std::unique_ptr<LeaseJobRunner> renewing_;
  std::unique_ptr<SecretJobRunner> runner_;
};

}  // namespace ame::cli
