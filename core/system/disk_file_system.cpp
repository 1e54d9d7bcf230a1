// SPDX-License-Identifier: Apache-2.0
#include "core/system/disk_file_system.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "core/system/file_descriptor.hpp"
#include "core/system/system_call.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

FileKind kind_of(const struct stat& found) {
  if (S_ISREG(found.st_mode)) {
    return FileKind::regular;
  }
  return S_ISDIR(found.st_mode) ? FileKind::directory : FileKind::other;
}

Error refusal(const std::string& message) {
  return {ExitCode::machine, Diagnostic{.message = message}};
}

void require_readable(const struct stat& found, const fs::path& path, std::uint64_t limit) {
  if (S_ISDIR(found.st_mode)) {
    throw refusal(fmt::format("`{}` is a directory, not a file", path.string()));
  }
  if (!S_ISREG(found.st_mode)) {
    throw refusal(fmt::format("`{}` is not a regular file", path.string()));
  }
  if (static_cast<std::uint64_t>(found.st_size) > limit) {
    throw refusal(fmt::format("`{}` is too large: {} bytes, at most {} are read", path.string(), found.st_size, limit));
  }
}

/// A file may grow while it is read: `limit` holds for what is read, not for what was promised.
std::string read_whole(int file, std::size_t expected, const fs::path& path, std::uint64_t limit) {
  std::string content(expected + 1, '\0');
  std::size_t filled = 0;
  while (true) {
    const ssize_t count =
        without_interruption([&] { return ::read(file, content.data() + filled, content.size() - filled); });
    if (count < 0) {
      throw machine_error("read", path, errno);
    }
    if (count == 0) {
      content.resize(filled);
      return content;
    }
    filled += static_cast<std::size_t>(count);
    if (filled > limit) {
      throw refusal(fmt::format("`{}` is too large: more than {} bytes", path.string(), limit));
    }
    if (filled == content.size()) {
      content.resize(content.size() * 2);
    }
  }
}

void make_one_directory(const fs::path& path, mode_t mode) {
  if (::mkdir(path.c_str(), mode) == 0 || errno == EEXIST) {
    return;
  }
  throw machine_error("create the directory", path, errno);
}

bool leads_to_directory(const fs::path& path) {
  struct stat found {};

  return ::stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode);
}

/// Where the bytes of `path` live: a link is kept and what it points to is replaced.
fs::path behind_links(const fs::path& path) {
  std::error_code failure;
  if (!fs::is_symlink(path, failure)) {
    return path;
  }
  fs::path target = fs::weakly_canonical(path, failure);
  return failure ? path : target;
}

fs::path neighbour_of(const fs::path& path) {
  static std::atomic<unsigned> count = 0;
  return path.parent_path() / fmt::format(".{}.{}-{}.tmp", path.filename().string(), ::getpid(), ++count);
}

void write_durably(const fs::path& path, std::string_view content, mode_t mode) {
  const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode));
  if (!file.is_open()) {
    throw machine_error("write", path, errno);
  }
  if (const int failure = write_all(file.number(), content); failure != 0) {
    throw machine_error("write", path, failure);
  }
  if (::fsync(file.number()) != 0) {
    throw machine_error("write", path, errno);
  }
}

/// Makes a rename last. A file system that cannot do it has done its best already.
void sync_directory(const fs::path& directory) {
  const FileDescriptor file(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file.is_open()) {
    ::fsync(file.number());
  }
}

/// Package managers leave directories without write permission; ours to remove all the same.
void open_up(const fs::path& tree) {
  std::error_code ignored;
  const auto add = [&ignored](const fs::path& directory) {
    fs::permissions(directory, fs::perms::owner_all, fs::perm_options::add, ignored);
  };
  add(tree);
  auto entry = fs::recursive_directory_iterator(tree, fs::directory_options::skip_permission_denied, ignored);
  for (; entry != fs::recursive_directory_iterator(); entry.increment(ignored)) {
    if (entry->is_directory(ignored) && !entry->is_symlink(ignored)) {
      add(entry->path());
    }
  }
}

}  // namespace

FileStatus DiskFileSystem::status(const fs::path& path) const {
  struct stat found {};

  if (::stat(path.c_str(), &found) != 0) {
    return {};
  }
  return {.kind = kind_of(found),
          .size = static_cast<std::uint64_t>(found.st_size),
          .modified_ns = found.st_mtim.tv_sec * 1'000'000'000LL + found.st_mtim.tv_nsec,
          .changed_ns = found.st_ctim.tv_sec * 1'000'000'000LL + found.st_ctim.tv_nsec,
          .inode = found.st_ino,
          .mode = found.st_mode & 07777U};
}

std::optional<std::string> DiskFileSystem::read(const fs::path& path, std::uint64_t limit) const {
  // Without O_NONBLOCK a pipe with that name would wait for a writer.
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return std::nullopt;
    }
    throw machine_error("read", path, errno);
  }

  struct stat found {};

  if (::fstat(file.number(), &found) != 0) {
    throw machine_error("read", path, errno);
  }
  require_readable(found, path, limit);
  return read_whole(file.number(), static_cast<std::size_t>(found.st_size), path, limit);
}

std::string DiskFileSystem::read_part(const fs::path& path, std::uint64_t offset, std::size_t size) const {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) {
    if (errno == ENOENT || errno == ENOTDIR) {
      return {};
    }
    throw machine_error("read", path, errno);
  }
  std::string part(size, '\0');
  part.resize(read_from(file, offset, part.data(), size));
  return part;
}

std::vector<std::string> DiskFileSystem::list(const fs::path& directory) const {
  std::vector<std::string> names;
  std::error_code failure;
  for (auto entry = fs::directory_iterator(directory, failure); entry != fs::directory_iterator();
       entry.increment(failure)) {
    names.push_back(entry->path().filename().string());
  }
  if (failure && failure != std::errc::no_such_file_or_directory && failure != std::errc::not_a_directory) {
    throw machine_error("list the directory", directory, failure.value());
  }
  std::sort(names.begin(), names.end());
  return names;
}

void DiskFileSystem::make_directories(const fs::path& path, FileMode mode) {
  if (path.empty() || leads_to_directory(path)) {
    return;
  }
  make_directories(path.parent_path(), mode);
  make_one_directory(path, mode == FileMode::owner_only ? 0700 : 0755);
  if (!leads_to_directory(path)) {
    throw machine_error("create the directory", path, ENOTDIR);
  }
}

void DiskFileSystem::write_atomically(const fs::path& path, std::string_view content, FileMode mode) {
  const fs::path target = behind_links(path);
  const fs::path unfinished = neighbour_of(target);
  try {
    write_durably(unfinished, content, static_cast<mode_t>(mode));
    if (::rename(unfinished.c_str(), target.c_str()) != 0) {
      throw machine_error("write", path, errno);
    }
  } catch (const Error&) {
    ::unlink(unfinished.c_str());
    throw;
  }
  sync_directory(target.parent_path());
}

void DiskFileSystem::remove_all(const fs::path& path) {
  std::error_code failure;
  fs::remove_all(path, failure);
  if (failure == std::errc::permission_denied) {
    open_up(path);
    failure.clear();
    fs::remove_all(path, failure);
  }
  if (failure) {
    throw machine_error("remove", path, failure.value());
  }
}

}  // namespace ame
