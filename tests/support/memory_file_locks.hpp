// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <set>
#include <stdexcept>
#include <vector>

#include "core/ports/file_locks.hpp"
#include "core/ports/file_system.hpp"

namespace ame {

/// Locks within one test. Waiting for a lock that is held would never end: it throws.
class MemoryFileLocks final : public FileLocks {
 public:
  std::unique_ptr<FileLock> try_lock(const std::filesystem::path& file) override {
    if (!held_->insert(file).second) {
      return nullptr;
    }
    was_locked_.push_back(file);
    if (files_ != nullptr && files_->status(file).kind == FileKind::missing) {
      files_->write_atomically(file, "");
    }
    return std::make_unique<Lock>(held_, file);
  }

  std::unique_ptr<FileLock> lock(const std::filesystem::path& file) override {
    auto lock = try_lock(file);
    if (!lock) {
      throw std::logic_error("`" + file.string() + "` is locked already");
    }
    return lock;
  }

  /// Of those who share it in a test, the first has it.
  std::unique_ptr<FileLock> lock_shared(const std::filesystem::path& file) override {
    auto lock = try_lock(file);
    return lock ? std::move(lock) : std::make_unique<Shared>();
  }

  /// From now on the files of locks are made there, as they are on a disk.
  void make_files_in(FileSystem& files) { files_ = &files; }

  [[nodiscard]] const std::vector<std::filesystem::path>& was_locked() const { return was_locked_; }

 private:
  using Held = std::set<std::filesystem::path>;

  class Shared final : public FileLock {};

  class Lock final : public FileLock {
   public:
    Lock(std::shared_ptr<Held> held, std::filesystem::path file)
        : held_(std::move(held)),
          file_(std::move(file)) {}

    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

    ~Lock() override { held_->erase(file_); }

   private:
    std::shared_ptr<Held> held_;
    std::filesystem::path file_;
  };

  std::shared_ptr<Held> held_ = std::make_shared<Held>();
  std::vector<std::filesystem::path> was_locked_;
  FileSystem* files_ = nullptr;
};

}  // namespace ame
