// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "clusters/engine.hpp"
#include "core/model/cluster.hpp"
#include "core/model/secret_text.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/errands.hpp"
#include "core/ports/file_system.hpp"
#include "core/ports/http.hpp"
#include "core/ports/object_store.hpp"
#include "core/ports/process_runner.hpp"

namespace ame::clusters {

/// A storage that is configured, opened for what runs on clusters need.
struct OpenedStorage {
  std::unique_ptr<ObjectStore> store;
  std::string url;  ///< before keys, as others than ame call it: "file:///shared/ame", "s3://bucket/ame"
};

/// The world as engines see it. All outlives them.
struct EnginePorts {
  FileSystem& files;
  ProcessRunner& processes;
  const Clock& clock;
  std::map<std::string, std::string> caller;  ///< variables that ame was started with, but for what is secret
  Http& http;
  std::function<std::unique_ptr<Errands>()> make_errands;
  std::function<std::unique_ptr<ObjectStore>(const std::filesystem::path& directory)> open_directory;

  /// Throws Error(usage) where there is no such storage, or none that an engine can read.
  std::function<OpenedStorage(const std::string& name)> open_storage;

  /// What lets the user in, as the cluster is configured: for `bearer` and `basic` the value of the HTTP header
  /// `Authorization`, for `jwt` the token; empty: nothing.
  std::function<SecretText(const Cluster& cluster)> authorization;
};

/// An engine that there is: its row in the table.
struct EngineKind {
  std::string kind;  ///< as it is configured: "slurm"

  /// Completes what was left out of a cluster that is to be added; `own` is a directory on this machine that is its
  /// alone. Throws Error(usage) for what is missing or makes no sense.
  void (*complete)(Cluster& cluster, const std::filesystem::path& own);

  std::unique_ptr<Engine> (*make)(const Cluster& cluster, EnginePorts ports);
};

/// All of them.
const std::vector<EngineKind>& engine_kinds();

/// Throws Error(usage) for what is no address of a server, or one where credentials would go in clear text.
void require_address(const std::string& endpoint);

/// Requires a kind that there is.
const EngineKind& engine_kind(const std::string& kind);

}  // namespace ame::clusters
