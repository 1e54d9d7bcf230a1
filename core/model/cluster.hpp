// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace ame {

/// A place that runs tasks on other machines, as the user configured it. No secrets: those are in the secret store.
struct Cluster {
  std::string name;
  std::string kind;                 ///< the engine: "slurm"
  std::filesystem::path directory;  ///< shared by this machine and those of the cluster, absolute
  std::string partition;            ///< empty: the engine's default
  std::string account;              ///< that is charged; empty: the user's default
  std::filesystem::path config;     ///< of Slurm, its slurm.conf; empty: where its programs look

  bool operator==(const Cluster&) const = default;
};

}  // namespace ame
