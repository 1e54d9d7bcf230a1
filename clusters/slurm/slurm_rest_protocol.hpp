// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clusters/slurm/slurm_queue.hpp"
#include "clusters/slurm/slurm_request.hpp"

namespace ame::clusters {

/// A version of what slurmrestd is asked and says. The second word of a path names it: `/slurm/v0.0.41/jobs/`.
struct SlurmRestVersion {
  std::string name;  ///< "v0.0.41"
  bool has_sets =
      false;  ///< numbers that may be absent are objects, and many jobs are cancelled at once; since v0.0.40
};

/// Those that ame speaks, the best first: slurmrestd of Slurm 22.05 to 23.11 has the last, newer ones one of the
/// others.
const std::vector<SlurmRestVersion>& slurm_rest_versions();

/// A job to be submitted.
struct SlurmRestJob {
  std::string name;
  SlurmRequest request;
  std::string directory;  ///< where it begins
  std::string output;     ///< file with what it prints; "%j" becomes its number
  std::string comment;
  std::string dependency;    ///< as `sbatch --dependency` takes it; empty: none
  std::size_t elements = 1;  ///< more: an array, counted from 0
  std::string script;        ///< whole
  std::map<std::string, std::string> environment;
};

/// The body of the request that submits it.
std::string slurm_rest_submission(const SlurmRestJob& job, const SlurmRestVersion& version);

/// The body of the request that cancels many.
std::string slurm_rest_cancelling(const std::vector<std::string>& numbers);

/// The number of the job from the answer to a submission; none: it makes no sense.
std::optional<std::string> read_slurm_rest_number(const std::string& body);

/// All jobs that it tells of.
std::optional<Queue> read_slurm_rest_jobs(const std::string& body);

std::optional<std::vector<std::string>> read_slurm_rest_partitions(const std::string& body);

/// What Slurm says of a request that it did not do.
struct SlurmRestError {
  std::string words;        ///< "Invalid partition name specified"; empty: nothing
  bool is_refusal = false;  ///< Slurm itself has looked at it, and nothing was done
};

SlurmRestError read_slurm_rest_error(const std::string& body);

/// What a JSON Web Token says of itself. Nothing is verified.
struct TokenClaims {
  std::string user;                     ///< "sun" or "username"; empty: it does not say
  std::optional<std::int64_t> expires;  ///< seconds since 1970
};

TokenClaims read_token(std::string_view token);

}  // namespace ame::clusters
