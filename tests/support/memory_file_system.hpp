// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/ports/file_system.hpp"

namespace ame {

/// Files that exist in memory only. Scripted (`add`, `refuse`) and recording (`was_read`, `was_written`). Paths are
/// taken as they are written, made normal first; there are no links.
class MemoryFileSystem final : public FileSystem {
 public:
  MemoryFileSystem();

  /// With its parents.
  void add(const std::filesystem::path& path, std::string content);
  void add_directory(const std::filesystem::path& path);

  /// From now on the path cannot be read or written: permission denied.
  void refuse(const std::filesystem::path& path);

  [[nodiscard]] const std::vector<std::filesystem::path>& was_read() const { return was_read_; }

  [[nodiscard]] const std::vector<std::filesystem::path>& was_written() const { return was_written_; }

  [[nodiscard]] FileStatus status(const std::filesystem::path& path) const override;
  [[nodiscard]] std::optional<std::string> read(const std::filesystem::path& path,
                                                std::uint64_t limit = 64ULL << 20) const override;
  [[nodiscard]] std::vector<std::string> list(const std::filesystem::path& directory) const override;

  void make_directories(const std::filesystem::path& path, FileMode mode = FileMode::shared) override;
  void write_atomically(const std::filesystem::path& path,
                        std::string_view content,
                        FileMode mode = FileMode::shared) override;
  void remove_all(const std::filesystem::path& path) override;

 private:
  struct Entry {
    FileKind kind = FileKind::regular;
    std::string content;
    std::int64_t modified_ns = 0;
    std::uint32_t mode = 0644;
  };

  void put(const std::filesystem::path& path, Entry entry);
  void require_allowed(const char* what, const std::filesystem::path& path) const;

  std::map<std::filesystem::path, Entry> entries_;
  std::set<std::filesystem::path> refused_;
  std::int64_t ticks_ = 0;
  mutable std::vector<std::filesystem::path> was_read_;
  std::vector<std::filesystem::path> was_written_;
};

}  // namespace ame
