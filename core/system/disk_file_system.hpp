// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ports/file_system.hpp"

namespace ame {

/// The files of this machine.
class DiskFileSystem final : public FileSystem {
 public:
  [[nodiscard]] FileStatus status(const std::filesystem::path& path) const override;
  [[nodiscard]] std::optional<std::string> read(const std::filesystem::path& path,
                                                std::uint64_t limit = 64ULL << 20) const override;
  [[nodiscard]] std::string read_part(const std::filesystem::path& path,
                                      std::uint64_t offset,
                                      std::size_t size) const override;
  [[nodiscard]] std::vector<std::string> list(const std::filesystem::path& directory) const override;

  void make_directories(const std::filesystem::path& path, FileMode mode = FileMode::shared) override;
  void write_atomically(const std::filesystem::path& path,
                        std::string_view content,
                        FileMode mode = FileMode::shared) override;
  void remove_all(const std::filesystem::path& path) override;
};

}  // namespace ame
