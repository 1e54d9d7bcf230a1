// SPDX-License-Identifier: Apache-2.0
#include "core/files/keep_artifacts.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/files/artifact_selection.hpp"
#include "core/files/make_link.hpp"
#include "core/text.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t worth_reading_ahead = 64ULL << 20;

Error not_there(const std::vector<std::string>& paths) {
  return {ExitCode::bad_project,
          Diagnostic{.message = fmt::format("the task did not leave {} behind", all_of(paths)),
                     .hint = "mark a path that may be absent: `{path: …, optional: true}`"}};
}

std::vector<std::string> paths_of(const Tree& tree, const std::vector<std::size_t>& indices) {
  std::vector<std::string> paths;
  paths.reserve(indices.size());
  for (const std::size_t index : indices) {
    paths.push_back(tree[index].path);
  }
  return paths;
}

/// Content and mode decide; the books only say where to look.
class Changes {
 public:
  Changes(const Snapshot& before, const Tree& after)
      : before_(before),
        after_(after),
        changes_(compare_trees(before.tree, after)) {}

  [[nodiscard]] const std::vector<std::string>& deleted() const { return changes_.deleted; }

  [[nodiscard]] std::vector<std::size_t> entries(const fs::path& top, const FileHasher& hasher) const {
    std::vector<std::size_t> found = changes_.created;
    std::vector<std::size_t> unsure;
    for (const std::size_t index : changes_.touched) {
      (surely_changed(index) ? found : unsure).push_back(index);
    }
    const auto hashes = hasher.hashes_of(top, paths_of(after_, unsure));
    for (std::size_t index = 0; index < unsure.size(); ++index) {
      if (hashes[index] != before_.hashes[earlier(unsure[index])]) {
        found.push_back(unsure[index]);
      }
    }
    std::ranges::sort(found);
    return found;
  }

 private:
  [[nodiscard]] std::size_t earlier(std::size_t index) const {
    const auto found = std::ranges::lower_bound(before_.tree, after_[index].path, {}, &TreeEntry::path);
    return static_cast<std::size_t>(found - before_.tree.begin());
  }

  [[nodiscard]] bool surely_changed(std::size_t index) const {
    const std::size_t old = earlier(index);
    const TreeEntry& left = before_.tree[old];
    const TreeEntry& right = after_[index];
    return left.kind != right.kind || left.mode != right.mode || left.size != right.size ||
           right.kind == TreeEntryKind::link || before_.hashes[old].empty();
  }

  const Snapshot& before_;
  const Tree& after_;
  TreeChanges changes_;
};

using Entries = std::map<std::string, TreeEntry>;

/// What `paths` mean, ignored or not.
Entries named_entries(const ArtifactRequest& request, const TreeScanner& scanner) {
  Entries all;
  for (const ArtifactPath& path : request.wanted.paths) {
    for (TreeEntry& entry : scanner.scan_below(request.project_directory, fixed_part(path.path))) {
      all.emplace(entry.path, std::move(entry));
    }
  }
  Tree tree;
  tree.reserve(all.size());
  for (const auto& [path, entry] : all) {
    tree.push_back(entry);
  }
  const ArtifactSelection selection = select_artifacts(request.wanted.paths, tree);
  if (!selection.missing.empty()) {
    throw not_there(selection.missing);
  }
  Entries named;
  for (const std::size_t index : selection.entries) {
    named.emplace(tree[index].path, tree[index]);
  }
  return named;
}

std::string link_target(const fs::path& top, const std::string& path) {
  std::error_code failure;
  const fs::path target = fs::read_symlink(top / path, failure);
  const fs::path place = (fs::path(path).parent_path() / target).lexically_normal();
  if (target.is_absolute() || !stays_inside(place.generic_string())) {
    throw Error(ExitCode::bad_project,
                Diagnostic{.message = fmt::format(
                               "`{}` is a link that leads out of the project, to `{}`", path, target.string()),
                           .hint = "keep what it leads to, or leave it out of `artifacts`"});
  }
  return target.string();
}

ManifestEntry entry_of(const TreeEntry& entry, const fs::path& top) {
  const bool is_link = entry.kind == TreeEntryKind::link;
  return {.path = entry.path,
          .kind = entry.kind,
          .mode = entry.mode,
          .size = is_link ? 0 : entry.size,
          .hash = {},
          .target = is_link ? link_target(top, entry.path) : ""};
}

std::vector<std::string> files_of(const Manifest& manifest) {
  std::vector<std::string> paths;
  for (const ManifestEntry& entry : manifest.entries) {
    if (entry.kind == TreeEntryKind::file) {
      paths.push_back(entry.path);
    }
  }
  return paths;
}

void fill_in_hashes(Manifest& manifest, const std::vector<std::string>& hashes) {
  auto hash = hashes.begin();
  for (ManifestEntry& entry : manifest.entries) {
    if (entry.kind == TreeEntryKind::file) {
      entry.hash = *hash++;
    }
  }
  // Gone between the look and the reading: it was not left behind after all.
  std::erase_if(manifest.entries,
                [](const ManifestEntry& entry) { return entry.kind == TreeEntryKind::file && entry.hash.empty(); });
}

void require_inside(const Manifest& manifest) {
  for (const ManifestEntry& entry : manifest.entries) {
    const fs::path place = (fs::path(entry.path).parent_path() / entry.target).lexically_normal();
    const bool link_inside = entry.target.empty() || (!entry.target.starts_with('/') && stays_inside(place.string()));
    if (!stays_inside(entry.path) || !link_inside) {
      throw Error(
          ExitCode::machine,
          Diagnostic{.message = fmt::format("the manifest names `{}`, which leads out of the target", entry.path),
                     .hint = "somebody changed the store; nothing was written"});
    }
  }
}

void verify(const Manifest& manifest, const fs::path& target, ArtifactPorts ports) {
  std::vector<std::string> paths;
  std::vector<std::string> expected;
  for (const ManifestEntry& entry : manifest.entries) {
    if (entry.kind == TreeEntryKind::file) {
      paths.push_back(entry.path);
      expected.push_back(entry.hash);
    }
  }
  const std::vector<std::string> found = ports.hasher.hashes_of(target, paths);
  for (std::size_t index = 0; index < paths.size(); ++index) {
    if (found[index] != expected[index]) {
      fs::remove(target / paths[index]);
      throw Error(
          ExitCode::machine,
          Diagnostic{.message = fmt::format(
                         "`{}` in {} is not what was kept: its content has changed", paths[index], ports.store.place()),
                     .hint = "the store is damaged; the file was not left behind"});
    }
  }
}

}  // namespace

Snapshot take_snapshot(const fs::path& project_directory,
                       const Snapshot& known,
                       const TreeScanner& scanner,
                       const FileHasher& hasher) {
  return with_hashes(scanner.scan(project_directory), project_directory, known, {hasher, worth_reading_ahead});
}

Snapshot with_hashes(Tree tree, const fs::path& top, const Snapshot& known, const Hashing& hashing) {
  Snapshot snapshot{.tree = std::move(tree), .hashes = {}};
  snapshot.hashes.resize(snapshot.tree.size());
  std::vector<std::size_t> unknown;
  auto old = known.tree.begin();
  for (std::size_t index = 0; index < snapshot.tree.size(); ++index) {
    const TreeEntry& entry = snapshot.tree[index];
    old = std::lower_bound(old, known.tree.end(), entry.path, [](const TreeEntry& left, const std::string& path) {
      return left.path < path;
    });
    if (old != known.tree.end() && is_unchanged(*old, entry)) {
      snapshot.hashes[index] = known.hashes[static_cast<std::size_t>(old - known.tree.begin())];
    } else if (entry.kind == TreeEntryKind::file && entry.size <= hashing.largest) {
      unknown.push_back(index);
    }
  }
  const auto hashes = hashing.hasher.hashes_of(top, paths_of(snapshot.tree, unknown));
  for (std::size_t index = 0; index < unknown.size(); ++index) {
    snapshot.hashes[unknown[index]] = hashes[index];
  }
  return snapshot;
}

KeptArtifacts keep_artifacts(const ArtifactRequest& request, ArtifactPorts ports) {
  const fs::path& top = request.project_directory;
  KeptArtifacts kept{.manifest = request.labels};
  Entries chosen = named_entries(request, ports.scanner);
  if (request.wanted.save_changed_files && request.before) {
    const Tree after = ports.scanner.scan(top);
    const Changes changes(*request.before, after);
    for (const std::size_t index : changes.entries(top, ports.hasher)) {
      chosen.emplace(after[index].path, after[index]);
    }
    kept.manifest.deleted = changes.deleted();
  }
  for (const auto& [path, entry] : chosen) {
    kept.manifest.entries.push_back(entry_of(entry, top));
  }
  const ContentUpload upload{.top = top, .files = files_of(kept.manifest), .key_of = object_key};
  fill_in_hashes(kept.manifest, ports.store.put_by_content(upload, [&](std::uint64_t size) {
    ++kept.objects_sent;
    kept.bytes_sent += size;
  }));
  return kept;
}

void fetch_artifacts(const Manifest& manifest, const fs::path& target, ArtifactPorts ports) {
  require_inside(manifest);
  std::vector<Download> downloads;
  for (const ManifestEntry& entry : manifest.entries) {
    if (entry.kind == TreeEntryKind::file) {
      const bool executable = (entry.mode & 0100U) != 0;
      downloads.push_back({.key = object_key(entry.hash),
                           .file = target / entry.path,
                           .mode = executable ? FileMode::executable : FileMode::shared});
    }
  }
  ports.store.get(downloads, [](std::uint64_t /*bytes*/) {});
  for (const ManifestEntry& entry : manifest.entries) {
    if (entry.kind == TreeEntryKind::link) {
      make_link(entry, target / entry.path);
    }
  }
  verify(manifest, target, ports);
}

}  // namespace ame
