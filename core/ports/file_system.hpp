// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ame {

enum class FileKind { missing, regular, directory, other };

struct FileStatus {
  FileKind kind = FileKind::missing;
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;  ///< since 1970
  std::int64_t changed_ns = 0;   ///< of the inode, since 1970: cannot be set back by a program
  std::uint64_t inode = 0;
  std::uint32_t mode = 0;  ///< permission bits
};

/// Files to be read. Links are followed.
class FileReader {
 public:
  virtual ~FileReader() = default;

  /// Never throws for a path that is absent or may not be looked at: that is FileKind::missing.
  [[nodiscard]] virtual FileStatus status(const std::filesystem::path& path) const = 0;

  /// The whole content; none when there is no such file. Throws Error(machine) when it is there and cannot be read,
  /// is not a regular file, or is larger than `limit` bytes.
  [[nodiscard]] virtual std::optional<std::string> read(const std::filesystem::path& path,
                                                        std::uint64_t limit = 64ULL << 20) const = 0;

  /// At most `size` bytes from a place on; fewer at the end of the file, none where there is no such file. Throws
  /// Error(machine) when it is there and cannot be read.
  [[nodiscard]] virtual std::string read_part(const std::filesystem::path& path,
                                              std::uint64_t offset,
                                              std::size_t size) const {
    const std::optional<std::string> whole = read(path, UINT64_MAX);
    return whole && offset < whole->size() ? whole->substr(offset, size) : std::string();
  }

  /// Names in a directory, sorted; empty when there is no such directory.
  [[nodiscard]] virtual std::vector<std::string> list(const std::filesystem::path& directory) const = 0;
};

enum class FileMode { shared = 0644, owner_only = 0600, executable = 0755, read_only = 0444, read_and_run = 0555 };

/// Files to be read and written. Every failure to write is Error(machine) with the path and the system's reason.
class FileSystem : public FileReader {
 public:
  /// With all missing parents, 0755, or 0700 for owner_only. Existing ones are fine.
  virtual void make_directories(const std::filesystem::path& path, FileMode mode = FileMode::shared) = 0;

  /// The file has the old content or the new one, never a part; also after a crash.
  virtual void write_atomically(const std::filesystem::path& path,
                                std::string_view content,
                                FileMode mode = FileMode::shared) = 0;

  /// A file, link or whole directory tree. Links are removed, not followed. Absent is fine.
  virtual void remove_all(const std::filesystem::path& path) = 0;
};

}  // namespace ame
