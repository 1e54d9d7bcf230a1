// SPDX-License-Identifier: Apache-2.0
#include "clusters/slurm/slurm_transport.hpp"

#include <fmt/format.h>

namespace ame::clusters {

std::map<std::string, std::string> slurm_variables(const SlurmSubmission& submission) {
  return {{"AME_RUN_ID", submission.place.run},
          {"AME_RUN_TOKEN", submission.place.token()},
          {"AME_CLUSTER_PROJECT", submission.place.project().string()},
          {"AME_CLUSTER_CACHE", submission.cache.string()}};
}

Error slurm_trouble(const Cluster& cluster, const std::string& trouble) {
  return {ExitCode::cluster,
          Diagnostic{.message = fmt::format("the cluster `{}`: {}", cluster.name, trouble),
                     .hint = fmt::format("`ame cluster test {}` says what of it works", cluster.name)}};
}

}  // namespace ame::clusters
