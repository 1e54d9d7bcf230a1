// SPDX-License-Identifier: Apache-2.0
#include "core/system/copy_file.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <string>
#include <system_error>

#include "core/system/file_descriptor.hpp"
#include "core/system/system_call.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t largest_step = 1U << 30;

/// Old kernels and some file systems cannot copy by themselves.
std::uint64_t copy_by_hand(int from, int to, const fs::path& source, const fs::path& target) {
  std::array<char, 1 << 16> part{};
  std::uint64_t total = 0;
  while (true) {
    const ssize_t count = without_interruption([&] { return ::read(from, part.data(), part.size()); });
    if (count < 0) {
      throw machine_error("read", source, errno);
    }
    if (count == 0) {
      return total;
    }
    if (const int failure = write_all(to, {part.data(), static_cast<std::size_t>(count)}); failure != 0) {
      throw machine_error("write", target, failure);
    }
    total += static_cast<std::uint64_t>(count);
  }
}

std::uint64_t copy_content(int from, int to, const fs::path& source, const fs::path& target) {
  struct stat found {};

  if (::fstat(from, &found) == 0 && found.st_size > 0 && ::ioctl(to, FICLONE, from) == 0) {
    return static_cast<std::uint64_t>(found.st_size);
  }
  std::uint64_t total = 0;
  while (true) {
    const ssize_t count =
        without_interruption([&] { return ::copy_file_range(from, nullptr, to, nullptr, largest_step, 0); });
    if (count == 0) {
      return total;
    }
    if (count < 0) {
      if (total == 0 && (errno == EXDEV || errno == ENOSYS || errno == EINVAL || errno == EOPNOTSUPP)) {
        return copy_by_hand(from, to, source, target);
      }
      throw machine_error("write", target, errno);
    }
    total += static_cast<std::uint64_t>(count);
  }
}

fs::path beside(const fs::path& target) {
  static std::atomic<unsigned> counter{0};
  return target.parent_path() /
         (".ame-" + std::to_string(::getpid()) + "-" + std::to_string(counter.fetch_add(1)) + ".partial");
}

FileDescriptor create(const fs::path& path, FileMode mode) {
  const auto open = [&] {
    return ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, static_cast<mode_t>(mode));
  };
  FileDescriptor file(open());
  if (!file.is_open() && errno == ENOENT) {
    std::error_code ignored;
    fs::create_directories(path.parent_path(), ignored);
    file = FileDescriptor(open());
  }
  if (!file.is_open()) {
    throw machine_error("write", path, errno);
  }
  return file;
}

/// Removes the half-made file unless it was finished.
class Partial {
 public:
  explicit Partial(fs::path path)
      : path_(std::move(path)) {}

  Partial(const Partial&) = delete;
  Partial& operator=(const Partial&) = delete;

  ~Partial() {
    if (!path_.empty()) {
      ::unlink(path_.c_str());
    }
  }

  void finish(const fs::path& target) {
    if (::rename(path_.c_str(), target.c_str()) != 0) {
      throw machine_error("write", target, errno);
    }
    path_.clear();
  }

 private:
  fs::path path_;
};

}  // namespace

std::uint64_t copy_file_atomically(const fs::path& source, const fs::path& target, FileMode mode) {
  const FileDescriptor from(::open(source.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!from.is_open()) {
    throw machine_error("read", source, errno);
  }
  const fs::path path = beside(target);
  const FileDescriptor to = create(path, mode);
  Partial partial(path);
  const std::uint64_t size = copy_content(from.number(), to.number(), source, target);
  partial.finish(target);
  return size;
}

}  // namespace ame
