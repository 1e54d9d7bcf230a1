// SPDX-License-Identifier: Apache-2.0
#include "core/system/flock_file_locks.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <utility>

#include "core/system/file_descriptor.hpp"
#include "core/system/system_call.hpp"

namespace ame {
namespace {

class HeldLock final : public FileLock {
 public:
  explicit HeldLock(FileDescriptor file)
      : file_(std::move(file)) {}

 private:
  FileDescriptor file_;
};

FileDescriptor open_lock(const std::filesystem::path& path) {
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!file.is_open()) {
    throw machine_error("open the lock", path, errno);
  }
  return file;
}

/// NFS without its lock service, Lustre without `flock`, some FUSE.
bool has_no_locks(int failure) {
  return failure == ENOLCK || failure == ENOSYS || failure == EOPNOTSUPP;
}

}  // namespace

std::unique_ptr<FileLock> FlockFileLocks::try_lock(const std::filesystem::path& path) {
  FileDescriptor file = open_lock(path);
  if (without_interruption([&file] { return ::flock(file.number(), LOCK_EX | LOCK_NB); }) == 0) {
    return std::make_unique<HeldLock>(std::move(file));
  }
  if (errno == EWOULDBLOCK) {
    return nullptr;
  }
  if (has_no_locks(errno)) {
    fell_back_ = true;
    return owners_.try_lock(path);
  }
  throw machine_error("lock", path, errno);
}

std::unique_ptr<FileLock> FlockFileLocks::lock(const std::filesystem::path& path) {
  std::unique_ptr<FileLock> lock = wait_as(path, LOCK_EX);
  return lock ? std::move(lock) : owners_.lock(path);
}

std::unique_ptr<FileLock> FlockFileLocks::lock_shared(const std::filesystem::path& path) {
  std::unique_ptr<FileLock> lock = wait_as(path, LOCK_SH);
  return lock ? std::move(lock) : owners_.lock_shared(path);
}

std::unique_ptr<FileLock> FlockFileLocks::wait_as(const std::filesystem::path& path, int kind) {
  FileDescriptor file = open_lock(path);
  if (without_interruption([&] { return ::flock(file.number(), kind); }) == 0) {
    return std::make_unique<HeldLock>(std::move(file));
  }
  if (!has_no_locks(errno)) {
    throw machine_error("lock", path, errno);
  }
  fell_back_ = true;
  return nullptr;
}

}  // namespace ame
