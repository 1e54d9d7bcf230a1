// SPDX-License-Identifier: Apache-2.0
#include "core/system/owner_file_lock.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

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

}  // namespace

std::unique_ptr<FileLock> try_owner_lock(const fs::path& path) {
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

}  // namespace ame
