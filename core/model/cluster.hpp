// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace ame {

/// A place that runs tasks on other machines, as the user configured it. No secrets: those are in the secret store.
struct Cluster {
  std::string name;
  std::string kind;                 ///< the engine: "slurm", "tes"
  std::filesystem::path directory;  ///< of Slurm, shared with its machines; of TES, of this machine alone; absolute
  std::string partition;            ///< empty: the engine's default
  std::string account;              ///< that is charged; empty: the user's default
  std::filesystem::path config;     ///< of Slurm, its slurm.conf; empty: where its programs look
  std::string endpoint;             ///< of its server; empty for a Slurm whose programs are called
  std::string auth;                 ///< how that knows who asks: "bearer", "basic", "jwt"; empty: it does not ask
  std::filesystem::path ca_file;    ///< certificates to trust instead of the system's; may be empty
  std::string storage;              ///< of TES: name of the storage that its server reads and writes
  std::string image;                ///< of TES: of tasks that name none; may be empty

  bool operator==(const Cluster&) const = default;
};

}  // namespace ame
