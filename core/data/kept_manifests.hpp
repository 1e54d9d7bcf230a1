// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/files/manifest.hpp"
#include "core/ports/file_locks.hpp"
#include "core/ports/file_system.hpp"
#include "core/ports/object_store.hpp"

namespace ame {

/// What the key of a manifest tells.
struct ManifestKey {
  std::string key;
  std::string project;
  std::string task;
  RunId run;
  std::string origin;

  bool operator==(const ManifestKey&) const = default;
};

/// None for a key that is none of a manifest.
std::optional<ManifestKey> read_manifest_key(const std::string& key);

/// Of all runs whose numbers are of `origin`; the newest run first, its steps by name.
std::vector<ManifestKey> manifest_keys(ObjectStore& store, const std::string& origin);

/// Throws Error(machine) where the store has lost or changed it.
Manifest load_manifest(ObjectStore& store, const std::string& key);

/// What the steps of a run left behind; empty where nothing was kept.
std::vector<Manifest> manifests_of(ObjectStore& store, const std::string& origin, RunId run);

/// The 8 digits that stand for a state directory; made when first asked for.
std::string origin_of(const std::filesystem::path& file, FileSystem& files, FileLocks& locks, std::string_view fresh);

/// All files in one list; with several manifests each below a directory named after its step.
Manifest joined(const std::vector<Manifest>& manifests);

}  // namespace ame
