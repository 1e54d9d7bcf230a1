// SPDX-License-Identifier: Apache-2.0
#include "schema/locate.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace ame::schema {

namespace {

bool is_there(const FileReader& files, const std::filesystem::path& path) {
  return files.status(path).kind != FileKind::missing;
}

}  // namespace

std::filesystem::path find_project_file(const FileReader& files, const std::filesystem::path& directory) {
  std::string tried;
  for (std::filesystem::path at = directory;; at = at.parent_path()) {
    const bool yml = is_there(files, at / "ame.yml");
    const bool yaml = is_there(files, at / "ame.yaml");
    if (yml && yaml) {
      throw Error(ExitCode::bad_project,
                  {.message = fmt::format("`{}` has both `ame.yml` and `ame.yaml`", at.string()),
                   .where = {},
                   .hint = "keep one of them"});
    }
    if (yml || yaml) {
      return at / (yml ? "ame.yml" : "ame.yaml");
    }
    tried += fmt::format("\n  {}", at.string());
    if (!at.has_relative_path()) {
      break;
    }
  }
  throw Error(ExitCode::bad_project,
              {.message = fmt::format("there is no `ame.yml` here or above, looked in:{}", tried),
               .where = {},
               .hint = "`ame init` writes one"});
}

}  // namespace ame::schema
