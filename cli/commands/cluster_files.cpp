// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/cluster_files.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/render/prompt.hpp"
#include "core/error.hpp"
#include "core/files/make_link.hpp"
#include "core/files/manifest.hpp"
#include "core/model/size_text.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t much = 1ULL << 30;  // bytes
constexpr std::size_t many = 20'000;

fs::path directory_of_contents(const Cluster& cluster) {
  return cluster.directory / "contents";
}

std::unique_ptr<ObjectStore> contents_of(const Cluster& cluster, Session& session) {
  const Storage storage{.name = cluster.name,
                        .kind = StorageKind::directory,
                        .path = directory_of_contents(cluster).string(),
                        .endpoint = {},
                        .bucket = {},
                        .prefix = {},
                        .region = {},
                        .ca_file = {}};
  return session.ports.make_store(storage, {});
}

std::vector<const TreeEntry*> entries_of(const TravelPlan& plan, TreeEntryKind kind) {
  std::vector<const TreeEntry*> entries;
  for (const TreeEntry& entry : plan.tree) {
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
void copy_links(const TravelPlan& plan, const fs::path& project, const fs::path& target) {
  for (const TreeEntry* const entry : entries_of(plan, TreeEntryKind::link)) {
    std::error_code is_gone;
    const fs::path leads_to = fs::read_symlink(project / entry->path, is_gone);
    if (!is_gone) {
      make_link({.path = entry->path, .kind = TreeEntryKind::link, .hash = {}, .target = leads_to.string()},
                target / entry->path);
    }
  }
}

}  // namespace

TravelPlan travel_plan(const fs::path& project, Session& session) {
  TravelPlan plan{.tree = session.ports.trees().scan(project), .largest = {}};
  for (const TreeEntry& entry : plan.tree) {
    if (entry.kind != TreeEntryKind::file) {
      continue;
    }
    ++plan.files;
    plan.bytes += entry.size;
    if (entry.size >= plan.largest_bytes) {
      plan.largest = entry.path;
      plan.largest_bytes = entry.size;
    }
  }
  return plan;
}

std::string travel_text(const TravelPlan& plan) {
  return fmt::format("{} ({})", counted(plan.files, "file"), size_text(static_cast<std::int64_t>(plan.bytes)));
}

bool may_travel(const TravelPlan& plan, const Cluster& cluster, Session& session) {
  if (plan.bytes <= much && plan.files <= many) {
    return true;
  }
  const std::string what = fmt::format("{} would go to `{}`, the largest is `{}` with {}",
                                       travel_text(plan),
                                       cluster.name,
                                       plan.largest,
                                       size_text(static_cast<std::int64_t>(plan.largest_bytes)));
  if (!session.terminal.console().can_ask()) {
    throw Error(
        ExitCode::usage,
        Diagnostic{.message = what, .hint = "`--yes` sends them; `.ameignore` leaves files out, as `.gitignore`"});
  }
  Prompt prompt(session.terminal);
  const std::optional<SecretText> answer = prompt.ask(what + "\nsend them? [y/N] ", Echo::shown);
  return answer && (answer->reveal() == "y" || answer->reveal() == "yes");
}

std::size_t send_files(
    const TravelPlan& plan, const fs::path& project, const Cluster& cluster, const fs::path& target, Session& session) {
  const std::unique_ptr<ObjectStore> contents = contents_of(cluster, session);
  const std::vector<const TreeEntry*> entries = entries_of(plan, TreeEntryKind::file);
  ContentUpload upload{.top = project, .files = {}, .key_of = object_key};
  for (const TreeEntry* const entry : entries) {
    upload.files.push_back(entry->path);
  }
  std::size_t sent = 0;
  const std::vector<std::string> hashes =
      contents->put_by_content(upload, [&sent](std::uint64_t /*bytes*/) { ++sent; });
  std::vector<Download> downloads;
  for (std::size_t index = 0; index < entries.size(); ++index) {
    if (!hashes[index].empty()) {
      downloads.push_back(download_of(*entries[index], hashes[index], target));
    }
  }
  session.ports.files().make_directories(target);
  contents->get(downloads, [](std::uint64_t /*bytes*/) {});
  copy_links(plan, project, target);
  return sent;
}

OldContents prune_contents(const Cluster& cluster, UtcTime before, Pruning pruning, Session& session) {
  const FileReader& files = session.ports.files();
  const std::unique_ptr<ObjectStore> contents = contents_of(cluster, session);
  OldContents old;
  std::vector<std::string> going;
  for (std::string& key : contents->list("")) {
    const FileStatus status = files.status(directory_of_contents(cluster) / key);
    if (UtcTime(std::chrono::microseconds(status.modified_ns / 1000)) < before) {
      ++old.files;
      old.bytes += status.size;
      going.push_back(std::move(key));
    }
  }
  if (pruning == Pruning::remove) {
    contents->remove(going);
  }
  return old;
}

}  // namespace ame::cli
