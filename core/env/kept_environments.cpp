// SPDX-License-Identifier: Apache-2.0
#include "core/env/kept_environments.hpp"

#include <algorithm>
#include <utility>

#include "core/env/build_ports.hpp"
#include "core/env/install_progress.hpp"

namespace ame {

namespace fs = std::filesystem;

std::vector<KeptEnvironment> to_be_pruned(std::vector<KeptEnvironment> kept, const PruneWish& wish, UtcTime now) {
  std::int64_t left = 0;
  for (const KeptEnvironment& environment : kept) {
    left += environment.record.bytes;
  }
  std::erase_if(kept, [](const KeptEnvironment& environment) { return !environment.holders.empty(); });
  std::ranges::stable_sort(kept, {}, &KeptEnvironment::last_use);
  std::vector<KeptEnvironment> chosen;
  for (KeptEnvironment& environment : kept) {
    const bool is_old = wish.older_than && now - environment.last_use > *wish.older_than;
    const bool is_too_much = wish.at_most && left > *wish.at_most;
    if (wish.unused || is_old || is_too_much) {
      left -= environment.record.bytes;
      chosen.push_back(std::move(environment));
    }
  }
  return chosen;
}

EnvironmentCache::EnvironmentCache(CacheLayout layout, FileSystem& files, FileLocks& locks)
    : layout_(std::move(layout)),
      files_(&files),
      locks_(&locks),
      leases_(layout_, files, locks) {}

std::vector<KeptEnvironment> EnvironmentCache::list() {
  std::vector<KeptEnvironment> kept;
  for (const std::string& key : files_->list(layout_.environments())) {
    if (auto environment = read(key)) {
      kept.push_back(*std::move(environment));
    }
  }
  return kept;
}

std::optional<KeptEnvironment> EnvironmentCache::find(const std::string& key) {
  if (auto exact = read(key)) {
    return exact;
  }
  std::vector<KeptEnvironment> fitting = list();
  std::erase_if(fitting, [&key](const KeptEnvironment& one) { return !one.record.key.starts_with(key); });
  return fitting.size() == 1 ? std::optional(std::move(fitting.front())) : std::nullopt;
}

std::optional<KeptEnvironment> EnvironmentCache::read(const std::string& key) {
  const std::optional<std::string> text = files_->read(layout_.environment_record(key));
  std::optional<EnvironmentRecord> record = text ? read_environment_record(*text) : std::nullopt;
  if (!record || record->key != key) {
    return std::nullopt;
  }
  const std::int64_t made = files_->status(layout_.environment_record(key)).modified_ns;
  const UtcTime otherwise(std::chrono::duration_cast<UtcTime::duration>(std::chrono::nanoseconds(made)));
  KeptEnvironment environment{.record = *std::move(record),
                              .directory = {},
                              .last_use = std::max(leases_.last_use(key).value_or(otherwise), otherwise),
                              .holders = leases_.holders(key)};
  environment.directory = layout_.environment(key) / environment.record.directory;
  return environment;
}

Removal EnvironmentCache::remove(const std::string& key) {
  const fs::path record = layout_.environment_record(key);
  std::optional<KeptEnvironment> kept;
  {
    const auto lock = locks_->try_lock(layout_.lock("env-" + key));
    if (!lock) {
      return Removal::being_made;
    }
    kept = read(key);
    const std::optional<std::string> text = files_->read(record);
    if (!kept || !text) {
      return Removal::absent;
    }
    if (!leases_.holders(key).empty()) {
      return Removal::in_use;
    }
    // A task takes its lease and then reads the record again: whoever comes second sees the other.
    files_->remove_all(record);
    if (!leases_.holders(key).empty()) {
      files_->write_atomically(record, *text);
      return Removal::in_use;
    }
  }
  files_->remove_all(kept->directory);
  leases_.forget_dead(key);
  return Removal::removed;
}

std::size_t EnvironmentCache::remove_leftovers() {
  std::size_t count = 0;
  for (const std::string& key : files_->list(layout_.environments())) {
    const auto lock = locks_->try_lock(layout_.lock("env-" + key));
    if (!lock) {
      continue;  // it is being made
    }
    const std::optional<KeptEnvironment> kept = read(key);
    const std::string complete = kept ? kept->record.directory : "";
    const bool is_used = !leases_.holders(key).empty();
    for (const std::string& name : files_->list(layout_.environment(key))) {
      const bool is_attempt = files_->status(layout_.environment(key) / name).kind == FileKind::directory;
      count += is_attempt && name != complete && !is_used ? 1 : 0;
    }
    if (!is_used) {
      remove_attempts(*files_, layout_.environment(key), complete);
    }
    if (!kept && files_->list(layout_.environment(key)).empty()) {
      files_->remove_all(layout_.environment(key));
    }
  }
  return count;
}

std::int64_t EnvironmentCache::size_of_wheels() const {
  return size_of_tree(*files_, layout_.wheels() / "archive-v0");  // all else is names for what lies there
}

bool EnvironmentCache::remove_wheels() {
  std::vector<std::unique_ptr<FileLock>> held;
  for (const std::string& name : files_->list(layout_.locks())) {
    auto lock = locks_->try_lock(layout_.locks() / name);
    if (!lock) {
      return false;
    }
    held.push_back(std::move(lock));
  }
  files_->remove_all(layout_.wheels());
  return true;
}

}  // namespace ame
