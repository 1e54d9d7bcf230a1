// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "core/files/tree.hpp"

namespace ame {

class TreeScanner {
 public:
  virtual ~TreeScanner() = default;

  /// Files and links below `top`, sorted. Left out: `.git`, what .gitignore and .ameignore files name, virtual
  /// environments (directories with a pyvenv.cfg), caches that say they are (CACHEDIR.TAG), and what is neither file,
  /// link nor directory. Links are not followed. Throws Error(machine) when `top` cannot be read; a directory below it
  /// that cannot is left out.
  [[nodiscard]] virtual Tree scan(const std::filesystem::path& top) const = 0;

  /// The file or link at `path`, or all files and links below it, ignored or not, but for `.git`: for what somebody
  /// names. `path` is relative to `top` ("" for the top itself), and so are the answers. Empty where there is nothing;
  /// a link on the way to it is not followed.
  [[nodiscard]] virtual Tree scan_below(const std::filesystem::path& top, const std::string& path) const = 0;
};

}  // namespace ame
