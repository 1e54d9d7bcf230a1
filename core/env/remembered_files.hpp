// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include "core/ports/file_system.hpp"

namespace ame {

/// What was found out about files, so that it need not be asked again: a value for each path, good for as long as the
/// size and the time of change of the file stay.
template <class Value>
class RememberedFiles {
 public:
  struct Entry {
    std::uint64_t size = 0;        ///< bytes
    std::int64_t modified_ns = 0;  ///< since 1970
    Value value;
  };

  /// Null: nothing is remembered of the file as it is now.
  [[nodiscard]] const Value* find(const std::filesystem::path& path, const FileStatus& status) const {
    const auto found = entries_.find(path.string());
    const bool is_same =
        found != entries_.end() && found->second.size == status.size && found->second.modified_ns == status.modified_ns;
    return is_same ? &found->second.value : nullptr;
  }

  void remember(const std::filesystem::path& path, const FileStatus& status, Value value) {
    add(path.string(), {.size = status.size, .modified_ns = status.modified_ns, .value = std::move(value)});
  }

  void add(const std::string& path, Entry entry) { entries_.insert_or_assign(path, std::move(entry)); }

  /// Forgets the files that are gone.
  void forget_missing(const FileReader& files) {
    std::erase_if(entries_,
                  [&files](const auto& entry) { return files.status(entry.first).kind == FileKind::missing; });
  }

  [[nodiscard]] const std::map<std::string, Entry>& entries() const { return entries_; }

 private:
  std::map<std::string, Entry> entries_;  ///< by path
};

}  // namespace ame
