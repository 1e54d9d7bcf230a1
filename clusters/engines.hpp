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

  /// The value of the HTTP header of that name with the user's credentials, as the cluster is configured; empty: none.
  std::function<SecretText(const Cluster& cluster)> authorization;
};

/// An engine that there is: its row in the table.
struct EngineKind {
  std::string kind;  ///< as it is configured: "slurm"

  /// Throws Error(usage) for what is missing or makes no sense in a cluster that is to be added.
  void (*require_sense)(const Cluster& cluster);

  std::unique_ptr<Engine> (*make)(const Cluster& cluster, EnginePorts ports);
};

/// All of them.
const std::vector<EngineKind>& engine_kinds();

/// Requires a kind that there is.
const EngineKind& engine_kind(const std::string& kind);

}  // namespace ame::clusters
