// SPDX-License-Identifier: Apache-2.0
#include "core/system/owner_file_lock.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "core/model/run.hpp"
#include "core/system/file_descriptor.hpp"
#include "core/system/process_identity.hpp"
#include "core/system/system_call.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

/// A file without its content is being written; after so many seconds its writer is gone.
constexpr std::time_t patience = 10;

class OwnerLock final : public FileLock {
 public:
  explicit OwnerLock(fs::path file)
      : file_(std::move(file)) {}

  OwnerLock(const OwnerLock&) = delete;
  OwnerLock& operator=(const OwnerLock&) = delete;

  ~OwnerLock() override { ::unlink(file_.c_str()); }

 private:
  fs::path file_;
};

std::string content_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

bool is_old(const fs::path& file) {
  struct stat status = {};
  return ::stat(file.c_str(), &status) == 0 && std::time(nullptr) - status.st_mtime > patience;
}

std::string line_of(const RunOwner& owner) {
  return owner.host + "\n" + owner.boot + "\n" + std::to_string(owner.pid) + "\n" + std::to_string(owner.started) +
         "\n";
}

bool is_gone(const fs::path& file, const std::string& content) {
  RunOwner owner;
  std::istringstream stream(content);
  const bool is_whole =
      std::getline(stream, owner.host) && std::getline(stream, owner.boot) && stream >> owner.pid >> owner.started;
  return is_whole ? state_of_process(owner) == OwnerState::gone : is_old(file);
}

/// False when the file is there already.
bool make_exclusively(const fs::path& file, const std::string& content) {
  const FileDescriptor made(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!made.is_open() && errno == EEXIST) {
    return false;
  }
  const int failure = made.is_open() ? write_all(made.number(), content) : errno;
  if (failure != 0) {
    throw machine_error("make the lock", file, failure);
  }
  return true;
}

/// Removes the lock of a process that is gone. Only who makes the guard does, so that none removes the lock of who
/// came in between.
void take_away(const fs::path& file, const std::string& content) {
  const fs::path guard = file.string() + ".breaking";
  if (!make_exclusively(guard, "")) {
    if (is_old(guard)) {
      ::unlink(guard.c_str());
    }
    return;
  }
  if (content_of(file) == content) {
    ::unlink(file.c_str());
  }
  ::unlink(guard.c_str());
}

/// Who holds it alone. Those who share it are not asked for.
std::unique_ptr<FileLock> try_alone(const fs::path& path) {
  const fs::path file = path.string() + ".owner";
  const std::string own = line_of(this_process());
  if (make_exclusively(file, own)) {
    return std::make_unique<OwnerLock>(file);
  }
  const std::string content = content_of(file);
  if (!is_gone(file, content)) {
    return nullptr;
  }
  take_away(file, content);
  return make_exclusively(file, own) ? std::make_unique<OwnerLock>(file) : nullptr;
}

/// Whoever shares it has a file of this beginning, made while nobody has it alone.
std::string beginning_of_shared(const fs::path& path) {
  return path.filename().string() + ".shared.";
}

/// Removes what sharers that are gone have left. Only who has it alone may ask.
bool is_shared(const fs::path& path) {
  const std::string beginning = beginning_of_shared(path);
  bool shared = false;
  std::error_code failure;
  for (const fs::directory_entry& entry : fs::directory_iterator(path.parent_path(), failure)) {
    if (!entry.path().filename().string().starts_with(beginning)) {
      continue;
    }
    if (is_gone(entry.path(), content_of(entry.path()))) {
      ::unlink(entry.path().c_str());
    } else {
      shared = true;
    }
  }
  return shared;
}

std::unique_ptr<FileLock> try_shared(const fs::path& path) {
  static std::atomic<unsigned> count{0};
  const std::unique_ptr<FileLock> alone = try_alone(path);
  if (!alone) {
    return nullptr;
  }
  const RunOwner owner = this_process();
  const fs::path file =
      path.parent_path() /
      fmt::format("{}{}-{}-{}-{}", beginning_of_shared(path), owner.host, owner.pid, owner.started, count.fetch_add(1));
  return make_exclusively(file, line_of(owner)) ? std::make_unique<OwnerLock>(file) : nullptr;
}

template <class Try>
std::unique_ptr<FileLock> wait_for(Try attempt) {
  constexpr std::chrono::milliseconds between{20};
  std::unique_ptr<FileLock> lock = attempt();
  while (!lock) {
    std::this_thread::sleep_for(between);
    lock = attempt();
  }
  return lock;
}

}  // namespace

std::unique_ptr<FileLock> OwnerFileLocks::try_lock(const fs::path& file) {
  std::unique_ptr<FileLock> lock = try_alone(file);
  return lock && is_shared(file) ? nullptr : std::move(lock);
}

std::unique_ptr<FileLock> OwnerFileLocks::lock(const fs::path& file) {
  return wait_for([&] { return try_lock(file); });
}

std::unique_ptr<FileLock> OwnerFileLocks::lock_shared(const fs::path& file) {
  return wait_for([&] { return try_shared(file); });
}

}  // namespace ame
