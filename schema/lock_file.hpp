// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ports/file_system.hpp"
#include "core/source_span.hpp"

namespace ame::schema {

/// An import from git, as an ame.yml asks for it.
struct GitImport {
  std::string project;  ///< empty: not said
  std::string url;
  std::string ref;     ///< empty: the repository's own branch
  std::string user;    ///< empty: nobody in particular
  std::string secret;  ///< key of the secret that lets `user` in; empty: none
  Place where;

  bool operator==(const GitImport&) const = default;
};

/// What a ref meant when somebody last asked.
struct PinnedImport {
  std::string url;
  std::string ref;
  std::string commit;  ///< 40 hex digits

  bool operator==(const PinnedImport&) const = default;
};

/// The git imports of all projects in a file, each once. Throws Error(bad_project) as load_project does for what it
/// reads; names are not resolved. Mistakes are shown in `shown`; empty: the name of the file.
std::vector<GitImport> git_imports(const FileReader& files,
                                   const std::filesystem::path& file,
                                   const std::string& shown = {});

/// The `ame.lock` in a directory; nothing where there is none. Throws Error(bad_project).
std::vector<PinnedImport> read_lock(const FileReader& files, const std::filesystem::path& directory);

/// The commit that a ref is pinned to; none where it is not.
std::optional<std::string> pinned_commit(const std::vector<PinnedImport>& lock,
                                         std::string_view url,
                                         std::string_view ref);

/// The content of an `ame.lock`; read_lock() gives the same back.
std::string lock_text(const std::vector<PinnedImport>& lock);

}  // namespace ame::schema
