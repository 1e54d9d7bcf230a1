// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "clusters/engines.hpp"
#include "clusters/slurm/slurm_line.hpp"
#include "clusters/slurm/slurm_transport.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/process_runner.hpp"

namespace ame::clusters {

/// How the programs of Slurm are started to ask.
struct SlurmPrograms {
  std::vector<std::string> environment;  ///< `KEY=value`
  std::filesystem::path directory;
  std::chrono::milliseconds answer_within{30'000};  ///< then they are killed
};

/// Asks by `squeue`, `scancel` and `sacct`.
class SlurmProgramLine final : public SlurmLine {
 public:
  /// The ports outlive this; no other process runs beside those that ask.
  SlurmProgramLine(SlurmPrograms programs, ProcessRunner& processes, const Clock& clock);

  void ask(SlurmQuestion question) override;

  [[nodiscard]] bool is_busy() const override { return running_.has_value(); }

  SlurmEvent wait(Time until) override;

 private:
  /// A program that runs.
  struct Running {
    SlurmQuestion question;
    Time patience_ends;
    std::string output;
    std::string errors;
    bool was_late = false;
  };

  bool has_lost_patience(Time until);
  SlurmAnswer answered(const ProcessEnded& ended);

  SlurmPrograms programs_;
  ProcessRunner& processes_;
  const Clock& clock_;
  std::optional<Running> running_;
};

/// By `sbatch` and what else Slurm has: on a machine of the cluster, mostly one to log in to.
std::unique_ptr<SlurmTransport> slurm_by_programs(const Cluster& cluster, const EnginePorts& ports);

}  // namespace ame::clusters
