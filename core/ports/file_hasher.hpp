// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ame {

class FileHasher {
 public:
  virtual ~FileHasher() = default;

  /// SHA-256 of the content of each file below `top`, 64 hexadecimal digits; empty for one that is gone by now. Uses
  /// the threads of the machine. Throws Error(machine) for a file that cannot be read.
  [[nodiscard]] virtual std::vector<std::string> hashes_of(const std::filesystem::path& top,
                                                           const std::vector<std::string>& files) const = 0;
};

}  // namespace ame
