// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/ports/secret_files.hpp"
#include "core/run/around_job_runner.hpp"
#include "core/secrets/resolve_secrets.hpp"
#include "core/secrets/secret_masker.hpp"

namespace ame {

/// Stands between the scheduler and a runner: gives each job its own secrets as it starts, and lets nothing of any
/// secret of the run come back, in output, progress or reasons. What the scheduler hears is what is shown and stored.
class SecretJobRunner final : public AroundJobRunner {
 public:
  /// All outlive this. `files` may be null when no secret goes into a file.
  SecretJobRunner(JobRunner& inner, const RunSecrets& secrets, SecretFiles* files = nullptr);

  void start(const Job& job) override;
  JobEvent wait(std::optional<std::chrono::steady_clock::time_point> deadline) override;

 private:
  /// One for each stream of a running step.
  struct Maskers {
    explicit Maskers(const std::shared_ptr<const MaskPatterns>& patterns)
        : of_output(patterns),
          of_error(patterns) {}

    SecretMasker of_output;
    SecretMasker of_error;
  };

  /// Lets a container see them too. False when one could not be put into its place: the step has ended then.
  bool put_files(Job& job);
  void remove_files(StepIndex step);
  Maskers& maskers_of(StepIndex step);
  std::optional<JobEvent> masked_output(const JobOutput& output);
  JobEvent ended(JobEnded end);

  const RunSecrets& secrets_;
  SecretFiles* files_;
  std::map<StepIndex, std::vector<std::filesystem::path>> put_;
  std::map<StepIndex, Maskers> maskers_;
  std::string bytes_;                ///< of the event that was handed out last
  std::array<std::string, 2> rest_;  ///< of a step that ended, by stream
  std::deque<JobEvent> waiting_;
};

}  // namespace ame
