// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "core/ports/file_locks.hpp"
#include "core/ports/file_system.hpp"

namespace ame {

/// Locks within one test. Waiting for a lock that is held would never end: it throws.
class MemoryFileLocks final : public FileLocks {
 public:
  std::unique_ptr<FileLock> try_lock(const std::filesystem::path& file) override {
    if (held_->contains(file)) {
      return nullptr;
    }
    was_locked_.push_back(file);
    if (files_ != nullptr && files_->status(file).kind == FileKind::missing) {
      files_->write_atomically(file, "");
    }
    return std::make_unique<Lock>(held_, file, Holding::alone);
  }

  std::unique_ptr<FileLock> lock(const std::filesystem::path& file) override {
    auto lock = try_lock(file);
    if (!lock) {
      throw std::logic_error("`" + file.string() + "` is locked already");
    }
    return lock;
  }

  std::unique_ptr<FileLock> lock_shared(const std::filesystem::path& file) override {
    const auto found = held_->find(file);
    if (found != held_->end() && found->second.how == Holding::alone) {
      throw std::logic_error("`" + file.string() + "` is locked already");
    }
    was_locked_.push_back(file);
    return std::make_unique<Lock>(held_, file, Holding::shared);
  }

  /// From now on the files of locks are made there, as they are on a disk.
  void make_files_in(FileSystem& files) { files_ = &files; }

  [[nodiscard]] const std::vector<std::filesystem::path>& was_locked() const { return was_locked_; }

 private:
  enum class Holding { alone, shared };

  struct Holders {
    Holding how = Holding::alone;
    int count = 0;
  };

  using Held = std::map<std::filesystem::path, Holders>;

  class Lock final : public FileLock {
   public:
    Lock(std::shared_ptr<Held> held, std::filesystem::path file, Holding how)
        : held_(std::move(held)),
          file_(std::move(file)) {
      Holders& holders = (*held_)[file_];
      holders.how = how;
      ++holders.count;
    }

    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

    ~Lock() override {
      const auto found = held_->find(file_);
      if (--found->second.count == 0) {
        held_->erase(found);
      }
    }

   private:
    std::shared_ptr<Held> held_;
    std::filesystem::path file_;
  };

  std::shared_ptr<Held> held_ = std::make_shared<Held>();
  std::vector<std::filesystem::path> was_locked_;
  FileSystem* files_ = nullptr;
};

}  // namespace ame
