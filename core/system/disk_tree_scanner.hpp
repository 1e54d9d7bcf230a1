// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ports/tree_scanner.hpp"

namespace ame {

class DiskTreeScanner final : public TreeScanner {
 public:
  [[nodiscard]] Tree scan(const std::filesystem::path& top) const override;
  [[nodiscard]] Tree scan_below(const std::filesystem::path& top, const std::string& path) const override;
};

}  // namespace ame
