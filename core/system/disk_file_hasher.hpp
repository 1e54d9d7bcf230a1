// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ports/file_hasher.hpp"

namespace ame {

class DiskFileHasher final : public FileHasher {
 public:
  [[nodiscard]] std::vector<std::string> hashes_of(const std::filesystem::path& top,
                                                   const std::vector<std::string>& files) const override;
};

}  // namespace ame
