// SPDX-License-Identifier: Apache-2.0
#include "core/system/partial_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <system_error>
#include <utility>

#include "core/system/system_call.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

fs::path beside(const fs::path& target) {
  static std::atomic<unsigned> counter{0};
  return target.parent_path() /
         (".ame-" + std::to_string(::getpid()) + "-" + std::to_string(counter.fetch_add(1)) + ".partial");
}

}  // namespace

PartialFile::PartialFile(fs::path target)
    : target_(std::move(target)),
      path_(beside(target_)) {}

PartialFile::~PartialFile() {
  if (!path_.empty()) {
    ::unlink(path_.c_str());
  }
}

FileDescriptor PartialFile::create(FileMode mode) const {
  const auto open = [&] {
    return ::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, static_cast<mode_t>(mode));
  };
  FileDescriptor file(open());
  if (!file.is_open() && errno == ENOENT) {
    std::error_code ignored;
    fs::create_directories(path_.parent_path(), ignored);
    file = FileDescriptor(open());
  }
  if (!file.is_open()) {
    throw machine_error("write", target_, errno);
  }
  return file;
}

void PartialFile::finish() {
  finish_as(target_);
}

void PartialFile::finish_as(const fs::path& target) {
  int failure = ::rename(path_.c_str(), target.c_str());
  if (failure != 0 && errno == ENOENT) {
    std::error_code ignored;
    fs::create_directories(target.parent_path(), ignored);
    failure = ::rename(path_.c_str(), target.c_str());
  }
  if (failure != 0) {
    throw machine_error("write", target, errno);
  }
  path_.clear();
}

}  // namespace ame
