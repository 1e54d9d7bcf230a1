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
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/system/file_descriptor.hpp"
#include "core/system/hashing_copy.hpp"
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

/// The content of a file that is small; none for one that is not. Good until the next call of this thread.
std::optional<std::string_view> read_small(int from, const fs::path& source) {
  std::vector<char>& buffer = buffer_of_thread();
  std::size_t size = 0;
  ssize_t count = 0;
  do {
    count = without_interruption(
        [&] { return ::pread(from, buffer.data() + size, buffer.size() - size, static_cast<off_t>(size)); });
    size += count > 0 ? static_cast<std::size_t>(count) : 0;
  } while (count > 0 && size < buffer.size());
  if (count < 0) {
    throw machine_error("read", source, errno);
  }
  return size > largest_small ? std::nullopt : std::optional(std::string_view(buffer.data(), size));
}

void write_whole(int to, std::string_view content, const fs::path& target) {
  if (const int failure = write_all(to, content); failure != 0) {
    throw machine_error("write", target, failure);
  }
}

/// Writes while it hashes.
ReadContent copy_hashing(int from, int to, const Ends& ends) {
  ReadContent content;
  const auto write = [&](std::string_view bytes) { write_whole(to, bytes, ends.target); };
  if (const int failure = read_hashing(from, write, content); failure != 0) {
    throw machine_error("read", ends.source, failure);
  }
  return content;
}

ReadContent hash_of(int file, const fs::path& path) {
  ReadContent content;
  if (const int failure = read_hashing(
          file, [](std::string_view /*bytes*/) {}, content);
      failure != 0) {
    throw machine_error("read", path, failure);
  }
  return content;
}

/// A clone costs nothing, but what is in it has to be read then.
ReadContent copy_large_hashing(int from, int to, const Ends& ends) {
  return ::ioctl(to, FICLONE, from) == 0 ? hash_of(to, ends.target) : copy_hashing(from, to, ends);
}

void require_content(const std::string& sha256, const fs::path& source, const CopyWishes& wishes) {
  if (!wishes.sha256.empty() && sha256 != wishes.sha256) {
    throw other_content(source, wishes);
  }
}

std::uint64_t copy_as_wished(int from, int to, const Ends& ends, const CopyWishes& wishes) {
  if (const auto content = read_small(from, ends.source)) {
    require_content(wishes.sha256.empty() ? "" : sha256_text(*content), ends.source, wishes);
    write_whole(to, *content, ends.target);
    return content->size();
  }
  if (wishes.sha256.empty()) {
    return copy_content(from, to, ends.source, ends.target);
  }
  const ReadContent content = copy_large_hashing(from, to, ends);
  require_content(content.sha256, ends.source, wishes);
  return content.size;
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

bool is_there(const fs::path& path) {
  struct stat found {};

  return ::lstat(path.c_str(), &found) == 0 && S_ISREG(found.st_mode);
}

/// Written before its name is known.
KeptContent keep_large(int from, const fs::path& source, const fs::path& top, const KeyOfContent& key_of) {
  PartialFile partial(top / "content");
  ReadContent content;
  {
    const FileDescriptor to = partial.create(FileMode::shared);
    content = copy_large_hashing(from, to.number(), {source, top});
  }
  const fs::path target = top / key_of(content.sha256);
  const bool is_new = !is_there(target);
  if (is_new) {
    partial.finish_as(target);
  }
  return {.sha256 = std::move(content.sha256), .size = content.size, .is_new = is_new};
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
  const std::uint64_t size = copy_as_wished(from.number(), to.number(), {source, target}, wishes);
  partial.finish();
  return size;
}

std::optional<KeptContent> keep_by_content(const fs::path& source, const fs::path& top, const KeyOfContent& key_of) {
  const FileDescriptor from(::open(source.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!from.is_open()) {
    if (errno == ENOENT) {
      return std::nullopt;
    }
    throw machine_error("read", source, errno);
  }
  if (const auto content = read_small(from.number(), source)) {
    KeptContent kept{.sha256 = sha256_text(*content), .size = content->size(), .is_new = false};
    const fs::path target = top / key_of(kept.sha256);
    if (!is_there(target)) {
      PartialFile partial(target);
      write_whole(partial.create(FileMode::shared).number(), *content, target);
      partial.finish();
      kept.is_new = true;
    }
    return kept;
  }
  return keep_large(from.number(), source, top, key_of);
}

}  // namespace ame
