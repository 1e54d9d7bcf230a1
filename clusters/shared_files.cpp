// SPDX-License-Identifier: Apache-2.0
#include "clusters/shared_files.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/files/make_link.hpp"
#include "core/files/manifest.hpp"
#include "core/run/ask_program.hpp"

namespace ame::clusters {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::hours patience_with_copying{1};

std::vector<const TreeEntry*> entries_of(const ShipmentPart& part, TreeEntryKind kind) {
  std::vector<const TreeEntry*> entries;
  for (const TreeEntry& entry : part.tree) {
    if (entry.kind == kind) {
      entries.push_back(&entry);
    }
  }
  return entries;
}

Download download_of(const TreeEntry& entry, const std::string& hash, const fs::path& target) {
  const bool is_executable = (entry.mode & 0100U) != 0;
  return {.key = object_key(hash),
          .file = target / entry.path,
          .mode = is_executable ? FileMode::executable : FileMode::shared,
          .sha256 = hash};
}

/// As they are: where a link leads to out of the project may be there as well.
void copy_links(const ShipmentPart& part, const fs::path& target) {
  for (const TreeEntry* const entry : entries_of(part, TreeEntryKind::link)) {
    std::error_code is_gone;
    const fs::path leads_to = fs::read_symlink(part.top / entry->path, is_gone);
    if (!is_gone) {
      make_link({.path = entry->path, .kind = TreeEntryKind::link, .hash = {}, .target = leads_to.string()},
                target / entry->path);
    }
  }
}

/// Through the contents, which keep each once.
void share_part(const ShipmentPart& part,
                ObjectStore& store,
                const fs::path& target,
                const std::function<void(std::uint64_t bytes)>& sent) {
  const std::vector<const TreeEntry*> entries = entries_of(part, TreeEntryKind::file);
  ContentUpload upload{.top = part.top, .files = {}, .key_of = object_key};
  for (const TreeEntry* const entry : entries) {
    upload.files.push_back(entry->path);
  }
  const std::vector<std::string> hashes = store.put_by_content(upload, sent);
  std::vector<Download> downloads;
  for (std::size_t index = 0; index < entries.size(); ++index) {
    if (!hashes[index].empty()) {
      downloads.push_back(download_of(*entries[index], hashes[index], target));
    }
  }
  store.get(downloads, [](std::uint64_t /*bytes*/) {});
  copy_links(part, target);
}

}  // namespace

std::size_t share_files(const Shipment& files,
                        const fs::path& contents,
                        const fs::path& target,
                        const EnginePorts& ports) {
  const std::unique_ptr<ObjectStore> store = ports.open_directory(contents);
  ports.files.make_directories(target);
  std::size_t sent = 0;
  for (const ShipmentPart& part : files.parts) {
    share_part(part, *store, target, [&](std::uint64_t bytes) {
      ++sent;
      files.sent(1, bytes);
    });
  }
  return sent;
}

void copy_project(const fs::path& earlier, const PlaceOfRun& to, const EnginePorts& ports) {
  const fs::path from = earlier / "project";
  const ProgramAnswer answer =
      ask_programs(ports.processes,
                   ports.clock,
                   {{.argv = {"cp", "-a", "--reflink=auto", "--", from.string(), to.project().string()},
                     .environment = {"PATH=/usr/bin:/bin"},
                     .directory = to.directory}},
                   patience_with_copying)
          .front();
  if (!answer.is_fine()) {
    throw Error(ExitCode::machine,
                Diagnostic{.message = fmt::format(
                               "the files in {} cannot be taken over: `cp` {}", from.string(), answer.failure()),
                           .hint = "without `--from-failed` or `--step` the run begins with the project's files"});
  }
}

OldContents prune_contents(const fs::path& contents, UtcTime before, Pruning pruning, const EnginePorts& ports) {
  const std::unique_ptr<ObjectStore> store = ports.open_directory(contents);
  OldContents old;
  std::vector<std::string> going;
  for (std::string& key : store->list("")) {
    const FileStatus status = ports.files.status(contents / key);
    if (UtcTime(std::chrono::microseconds(status.modified_ns / 1000)) < before) {
      ++old.files;
      old.bytes += status.size;
      going.push_back(std::move(key));
    }
  }
  if (pruning == Pruning::remove) {
    store->remove(going);
  }
  return old;
}

}  // namespace ame::clusters
