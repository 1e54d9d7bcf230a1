// SPDX-License-Identifier: Apache-2.0
#include "core/data/data_set_sources.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <system_error>

#include <fmt/format.h>

#include "core/env/digest.hpp"
#include "core/files/artifact_selection.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

std::vector<ArtifactPath> optional_paths(const std::vector<std::string>& patterns) {
  std::vector<ArtifactPath> paths;
  for (const std::string& pattern : patterns) {
    paths.push_back({.path = pattern, .optional = true});
  }
  return paths;
}

std::string digest_of(const TreeEntry& entry, const std::string& hash, const fs::path& top) {
  Digest digest;
  digest.add((entry.mode & 0100U) != 0 ? "program" : "file");
  if (entry.kind == TreeEntryKind::link) {
    std::error_code failure;
    digest.add("link").add(fs::read_symlink(top / entry.path, failure).string());
  } else if (hash.empty()) {
    // Too large to be read at every look: its size and time stand for it.
    digest.add(std::to_string(entry.size)).add(std::to_string(entry.modified_ns));
  } else {
    digest.add(hash);
  }
  return digest.finish();
}

using Files = std::map<std::string, std::string>;

/// The files that patterns name, ignored or not.
void add_named(Files& found,
               const fs::path& top,
               const std::vector<std::string>& patterns,
               const ArtifactPorts& ports) {
  std::map<std::string, TreeEntry> all;
  for (const std::string& pattern : patterns) {
    for (TreeEntry& entry : ports.scanner.scan_below(top, fixed_part(pattern))) {
      all.emplace(entry.path, std::move(entry));
    }
  }
  Tree tree;
  for (const auto& [path, entry] : all) {
    tree.push_back(entry);
  }
  std::vector<std::string> paths;
  const ArtifactSelection selection = select_artifacts(optional_paths(patterns), tree);
  for (const std::size_t index : selection.entries) {
    paths.push_back(tree[index].path);
  }
  const std::vector<std::string> hashes = ports.hasher.hashes_of(top, paths);
  for (std::size_t index = 0; index < paths.size(); ++index) {
    found[paths[index]] = digest_of(tree[selection.entries[index]], hashes[index], top);
  }
}

/// Every file that is not ignored and that no task is known to write.
void add_all(Files& found, const DataSetSources& sources, const Snapshot& snapshot) {
  const ArtifactSelection outcomes = select_artifacts(optional_paths(sources.outcomes), snapshot.tree);
  auto outcome = outcomes.entries.begin();
  for (std::size_t index = 0; index < snapshot.tree.size(); ++index) {
    if (outcome != outcomes.entries.end() && *outcome == index) {
      ++outcome;
      continue;
    }
    found[snapshot.tree[index].path] = digest_of(snapshot.tree[index], snapshot.hashes[index], sources.directory);
  }
}

}  // namespace

std::vector<KeyPart> parts_of(const DataSetPlan& plan, const DataLayout& layout, const StepArtifactPorts& ports) {
  std::vector<KeyPart> parts = plan.steps;
  for (const DataSetSources& sources : plan.sources) {
    Files found;
    if (sources.inputs.empty()) {
      add_all(found, sources, current_snapshot(sources.directory, layout.tree_of(sources.directory), ports));
    } else {
      add_named(found, sources.directory, sources.inputs, ports.artifacts);
    }
    if (!sources.always.empty()) {
      add_named(found, sources.directory, sources.always, ports.artifacts);
    }
    const std::string before = sources.directory == plan.directory ? "" : sources.name + "/";
    for (const auto& [path, digest] : found) {
      parts.push_back({fmt::format("`{}{}`", before, path), digest});
    }
  }
  return parts;
}

std::string key_of(const std::vector<KeyPart>& parts) {
  constexpr std::size_t digits = 32;
  Digest digest;
  digest.add("data set 1");
  for (const KeyPart& part : parts) {
    digest.add(part.name).add(part.digest);
  }
  return digest.finish().substr(0, digits);
}

}  // namespace ame
