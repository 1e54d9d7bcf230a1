// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/rewrite.hpp"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "cli/commands/open_project.hpp"
#include "core/error.hpp"

namespace ame::cli {

SourceText source_to_rewrite(Session& session) {
  const std::filesystem::path file = project_file(session);
  std::optional<std::string> text = session.ports.files().read(file);
  if (!text) {
    throw Error(ExitCode::bad_project,
                Diagnostic{.message = fmt::format("there is no file `{}`", shown_path(session, file))});
  }
  return {.file = shown_path(session, file), .text = *std::move(text)};
}

void rewrite_project_file(Session& session, std::string_view text) {
  FileSystem& files = session.ports.files();
  const std::filesystem::path file = project_file(session);
  const bool is_private = (files.status(file).mode & 077U) == 0;
  files.write_atomically(file, text, is_private ? FileMode::owner_only : FileMode::shared);
}

}  // namespace ame::cli
