// SPDX-License-Identifier: Apache-2.0
#include "core/system/copy_file.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "core/system/file_descriptor.hpp"
#include "core/system/partial_file.hpp"
#include "core/system/sha256.hpp"
#include "core/system/system_call.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t largest_step = 1U << 30;
constexpr std::size_t largest_small = 1U << 20;

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

Error other_content(const fs::path& source, const CopyWishes& wishes) {
  return wishes.mismatch == Mismatch::source_is_damaged ? content_is_damaged(fmt::format("`{}`", source.string()))
                                                        : changed_while_stored(source);
}

/// What a thread needs for small files, in one piece.
std::vector<char>& buffer_of_thread() {
  thread_local std::vector<char> buffer(largest_small + 1);
  return buffer;
}

struct Ends {
  const fs::path& source;
  const fs::path& target;
};

/// Reads the file once: what is written is what was hashed. None for a file that is not small.
std::optional<std::uint64_t> copy_small(int from, int to, const Ends& ends, const CopyWishes& wishes) {
  std::vector<char>& buffer = buffer_of_thread();
  std::size_t size = 0;
  ssize_t count = 0;
  do {
    count = without_interruption(
        [&] { return ::pread(from, buffer.data() + size, buffer.size() - size, static_cast<off_t>(size)); });
    size += count > 0 ? static_cast<std::size_t>(count) : 0;
  } while (count > 0 && size < buffer.size());
  if (count < 0) {
    throw machine_error("read", ends.source, errno);
  }
  if (size > largest_small) {
    return std::nullopt;
  }
  const std::string_view content(buffer.data(), size);
  if (!wishes.sha256.empty() && sha256_text(content) != wishes.sha256) {
    throw other_content(ends.source, wishes);
  }
  if (const int failure = write_all(to, content); failure != 0) {
    throw machine_error("write", ends.target, failure);
  }
  return size;
}

std::string hash_of(int file, const fs::path& path) {
  std::vector<char>& buffer = buffer_of_thread();
  Sha256 hash;
  off_t at = 0;
  while (true) {
    const ssize_t count = without_interruption([&] { return ::pread(file, buffer.data(), buffer.size(), at); });
    if (count < 0) {
      throw machine_error("read", path, errno);
    }
    if (count == 0) {
      return hexadecimal(hash.finish());
    }
    hash.add({buffer.data(), static_cast<std::size_t>(count)});
    at += count;
  }
}

/// As another name; false where the disk or the right to protect it forbids that.
bool share(const fs::path& source, const fs::path& target) {
  if (::geteuid() == 0) {
    return false;  // the mode keeps nobody from writing, and the source would change with it
  }
  std::error_code ignored;
  fs::create_directories(target.parent_path(), ignored);
  return ::link(source.c_str(), target.c_str()) == 0;
}

}  // namespace

Error content_is_damaged(const std::string& what) {
  return {ExitCode::machine,
          Diagnostic{.message = fmt::format("{} is damaged: its content is not what its name says", what),
                     .hint = "the store was changed by somebody else; what made the file has to run again"}};
}

Error changed_while_stored(const fs::path& file) {
  return {ExitCode::machine,
          Diagnostic{.message = fmt::format("`{}` changed while it was being stored", file.string()),
                     .hint = "something still writes to it; what a task leaves behind must be whole when it ends"}};
}

std::uint64_t copy_file_atomically(const fs::path& source, const fs::path& target, const CopyWishes& wishes) {
  const FileDescriptor from(::open(source.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!from.is_open()) {
    throw machine_error("read", source, errno);
  }
  PartialFile partial(target);
  if (wishes.may_share && share(source, partial.path())) {
    ::chmod(partial.path().c_str(), static_cast<mode_t>(wishes.mode));
    partial.finish();
    return 0;
  }
  const FileDescriptor to = partial.create(wishes.mode);
  std::optional<std::uint64_t> size = copy_small(from.number(), to.number(), {source, target}, wishes);
  if (!size) {
    size = copy_content(from.number(), to.number(), source, target);
    if (!wishes.sha256.empty() && hash_of(to.number(), partial.path()) != wishes.sha256) {
      throw other_content(source, wishes);
    }
  }
  partial.finish();
  return *size;
}

}  // namespace ame
