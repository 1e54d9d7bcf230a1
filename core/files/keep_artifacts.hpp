// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/files/manifest.hpp"
#include "core/model/task.hpp"
#include "core/ports/file_hasher.hpp"
#include "core/ports/object_store.hpp"
#include "core/ports/tree_scanner.hpp"

namespace ame {

/// A project's files just before a step. A file that is larger than is worth reading has no hash: if it is touched, it
/// counts as changed.
struct Snapshot {
  Tree tree;
  std::vector<std::string> hashes;  ///< of tree[i]; may be empty

  bool operator==(const Snapshot&) const = default;
};

struct ArtifactPorts {
  const TreeScanner& scanner;
  const FileHasher& hasher;
  ObjectStore& store;
};

/// Which of what a step left behind is to be kept. The manifest has no hashes yet.
struct ArtifactRequest {
  std::filesystem::path project_directory;
  Artifacts wanted;
  std::optional<Snapshot> before;  ///< needed for saveChangedFiles
  Manifest labels;                 ///< project, task, run, step, time; its entries are filled in
};

struct KeptArtifacts {
  Manifest manifest;
  std::size_t objects_sent = 0;  ///< the others were in the store already
  std::uint64_t bytes_sent = 0;
};

/// Hashes what is new against `known`, an earlier snapshot of the same project, whose hashes hold for files whose books
/// are the same.
Snapshot take_snapshot(const std::filesystem::path& project_directory,
                       const Snapshot& known,
                       const TreeScanner& scanner,
                       const FileHasher& hasher);

struct Hashing {
  const FileHasher& hasher;
  std::uint64_t largest = 0;  ///< bytes; a larger file gets no hash
};

/// The same for a tree that was looked at already.
Snapshot with_hashes(Tree tree, const std::filesystem::path& top, const Snapshot& known, const Hashing& hashing);

/// Stores what the request selects, each content once. The manifest is the caller's to store, last: who finds it finds
/// all that it names. Throws Error(bad_project) for paths that mean nothing that is there, and for links that lead out
/// of the project.
KeptArtifacts keep_artifacts(const ArtifactRequest& request, ArtifactPorts ports);

/// Writes what a manifest lists below `target`, each file checked by its hash. Nothing is written outside of it. Throws
/// Error(machine) where the store has lost or changed an object.
void fetch_artifacts(const Manifest& manifest, const std::filesystem::path& target, ArtifactPorts ports);

}  // namespace ame
