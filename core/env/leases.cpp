// SPDX-License-Identifier: Apache-2.0
#include "core/env/leases.hpp"

#include <chrono>
#include <utility>

#include "core/error.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

constexpr const char* ending = ".lease";

class Lease {
 public:
  Lease(fs::path file, std::unique_ptr<FileLock> lock, FileSystem& files)
      : file_(std::move(file)),
        lock_(std::move(lock)),
        files_(&files) {}

  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  ~Lease() {
    try {
      files_->remove_all(file_);
    } catch (const Error&) {  // what is left holds nothing
      return;
    }
  }

 private:
  fs::path file_;
  std::unique_ptr<FileLock> lock_;
  FileSystem* files_;
};

}  // namespace

Leases::Leases(CacheLayout layout, FileSystem& files, FileLocks& locks)
    : layout_(std::move(layout)),
      files_(&files),
      locks_(&locks) {}

std::shared_ptr<void> Leases::take(const std::string& key, const std::string& holder) {
  if (std::shared_ptr<void> taken = taken_[key].lock()) {
    return taken;
  }
  try {
    const fs::path file = layout_.leases(key) / (holder + ending);
    files_->make_directories(file.parent_path());
    std::unique_ptr<FileLock> lock = locks_->try_lock(file);
    if (!lock) {
      return nullptr;
    }
    std::shared_ptr<void> lease = std::make_shared<Lease>(file, std::move(lock), *files_);
    taken_[key] = lease;
    return lease;
  } catch (const Error&) {
    return nullptr;
  }
}

std::vector<std::string> Leases::holders(const std::string& key) {
  std::vector<std::string> holders;
  const fs::path directory = layout_.leases(key);
  for (const std::string& name : files_->list(directory)) {
    if (!name.ends_with(ending)) {
      continue;
    }
    if (!locks_->try_lock(directory / name)) {
      holders.push_back(name.substr(0, name.size() - std::string_view(ending).size()));
    }
  }
  return holders;
}

void Leases::forget_dead(const std::string& key) {
  const fs::path directory = layout_.leases(key);
  for (const std::string& name : files_->list(directory)) {
    const auto lock = name.ends_with(ending) ? locks_->try_lock(directory / name) : nullptr;
    if (lock) {
      files_->remove_all(directory / name);
    }
  }
}

std::optional<UtcTime> Leases::last_use(const std::string& key) const {
  const FileStatus status = files_->status(layout_.leases(key));
  if (status.kind != FileKind::directory || status.modified_ns == 0) {
    return std::nullopt;
  }
  return UtcTime(std::chrono::duration_cast<UtcTime::duration>(std::chrono::nanoseconds(status.modified_ns)));
}

}  // namespace ame
