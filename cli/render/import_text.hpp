// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/render/terminal.hpp"

namespace ame::cli {

/// An import from git, and how far it is here.
struct ShownImport {
  std::string project;  ///< empty: the file does not say
  std::string address;  ///< without a password
  std::string ref;      ///< empty: the repository's own branch
  std::string commit;   ///< empty: not pinned yet
  bool here = false;    ///< its files are on this machine
};

std::string import_table(const std::vector<ShownImport>& imports, const Painter& paint);

/// {"imports": [{"project": …, "git": …, "ref": …, "commit": …, "fetched": …}]}
std::string imports_json(const std::vector<ShownImport>& imports);

}  // namespace ame::cli
