// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "core/ports/file_system.hpp"
#include "core/system/file_descriptor.hpp"

namespace ame {

/// A file that is written beside its place, and appears there whole or not at all. What a kill leaves behind of it is
/// called `.ame-….partial`. Failures are Error(machine).
class PartialFile {
 public:
  /// Makes nothing yet.
  explicit PartialFile(std::filesystem::path target);
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;

  /// Removes it unless it was finished.
  ~PartialFile();

  /// Where it is written; nobody else has that name.
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// Empty, for reading and writing, and its parents with it.
  [[nodiscard]] FileDescriptor create(FileMode mode) const;

  /// It takes its place, and that of a file that was there.
  void finish();

  /// The same at another place of the same disk, whose parents are made.
  void finish_as(const std::filesystem::path& target);

 private:
  std::filesystem::path target_;
  std::filesystem::path path_;  ///< empty: it was finished
};

}  // namespace ame
