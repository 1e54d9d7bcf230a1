// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "clusters/engine.hpp"
#include "clusters/slurm/slurm_line.hpp"
#include "clusters/slurm/slurm_scripts.hpp"
#include "core/error.hpp"

namespace ame::clusters {

/// A run that is to be submitted. All that it refers to outlives it.
struct SlurmSubmission {
  const Work& work;
  const SlurmOptions& options;
  const PlaceOfRun& place;      ///< has the scripts
  std::filesystem::path cache;  ///< of environments, there
};

/// Why a run was not submitted, or not whole.
class SubmissionFailed : public Error {
 public:
  SubmissionFailed(const Error& error, bool may_have_left)
      : Error(error),
        may_have_left_(may_have_left) {}

  /// Jobs that Slurm has all the same.
  [[nodiscard]] bool may_have_left() const { return may_have_left_; }

 private:
  bool may_have_left_;
};

/// Variables of ame that its jobs are started with, besides those of the caller.
std::map<std::string, std::string> slurm_variables(const SlurmSubmission& submission);

/// "the cluster `lab`: `squeue` is not on PATH"
Error slurm_trouble(const Cluster& cluster, const std::string& trouble);

/// A way to Slurm. Every verb throws Error(cluster) where it leads nowhere, and Error(interrupted) when ame is asked to
/// stop.
class SlurmTransport {
 public:
  virtual ~SlurmTransport() = default;

  /// Names of the cluster's partitions.
  virtual std::vector<std::string> partitions() = 0;

  /// All that Slurm would be told; what submits comes first.
  virtual std::vector<RenderedFile> render(const Work& work, const SlurmOptions& options) = 0;

  /// What of it has to be in the directory of the run.
  virtual std::vector<RenderedFile> scripts(const Work& work, const SlurmOptions& options) = 0;

  /// Once the scripts are there: submits it, whole, and writes the numbers of the jobs
  /// into `submitted` there (read_submitted). Throws SubmissionFailed.
  virtual void submit(const SlurmSubmission& submission) = 0;

  /// For one run. This outlives it.
  virtual std::unique_ptr<SlurmLine> line(const std::filesystem::path& directory) = 0;
};

}  // namespace ame::clusters
