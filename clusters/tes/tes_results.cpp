// SPDX-License-Identifier: Apache-2.0
#include "clusters/tes/tes_results.hpp"

#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "clusters/line_fields.hpp"
#include "clusters/tes/tes_export.hpp"
#include "core/error.hpp"

namespace ame::clusters {

namespace {

namespace fs = std::filesystem;

constexpr const char* gone = ".ame.gone";
constexpr const char* made = ".ame.made";

bool is_inside(const fs::path& path) {
  return path.is_relative() && !path.empty() && *path.begin() != "..";
}

/// Of a list with a name on each line; what leads out is left out.
std::vector<fs::path> names_in(const fs::path& list, const FileSystem& files) {
  std::vector<fs::path> names;
  const std::string text = files.read(list, UINT64_MAX).value_or("");
  for (const std::string_view line : whole_lines(text)) {
    fs::path name = fs::path(line).lexically_normal();
    if (is_inside(name) && name != ".") {
      names.push_back(std::move(name));
    }
  }
  return names;
}

/// A directory that is no link, and so are all above it.
void make_real_directory(const fs::path& top, const fs::path& name, FileSystem& files) {
  fs::path path = top;
  for (const fs::path& part : name) {
    path /= part;
    std::error_code ignored;
    if (!fs::is_directory(fs::symlink_status(path, ignored))) {
      files.remove_all(path);
    }
  }
  files.make_directories(path);
}

void move_over(const fs::path& from, const fs::path& to) {
  std::error_code failure;
  fs::rename(from, to, failure);
  if (failure) {
    throw Error(ExitCode::machine,
                Diagnostic{.message = fmt::format("cannot put `{}` in its place: {}", to.string(), failure.message())});
  }
}

}  // namespace

void fetch_results(ObjectStore& store,
                   const std::string& token,
                   const std::string& name,
                   bool with_changes,
                   const fs::path& directory) {
  std::vector<Download> downloads;
  for (const char* const what : {"state", "stdout", "stderr", "changes.tar"}) {
    if (with_changes || std::string_view(what) != "changes.tar") {
      downloads.push_back({.key = key_of_result(token, name, what), .file = directory / what, .sha256 = {}});
    }
  }
  store.get(downloads, [](std::uint64_t /*bytes*/) {});
}

void merge_changes(const fs::path& unpacked, const fs::path& project, FileSystem& files) {
  for (const fs::path& name : names_in(unpacked / gone, files)) {
    make_real_directory(project, name.parent_path(), files);
    files.remove_all(project / name);
  }
  for (const fs::path& name : names_in(unpacked / made, files)) {
    make_real_directory(project, name, files);
  }
  files.remove_all(unpacked / gone);
  files.remove_all(unpacked / made);
  std::error_code failure;
  for (fs::recursive_directory_iterator entry(unpacked, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    if (entry->is_symlink() || !entry->is_directory()) {
      const fs::path name = entry->path().lexically_relative(unpacked);
      make_real_directory(project, name.parent_path(), files);
      std::error_code ignored;
      if (fs::is_directory(fs::symlink_status(project / name, ignored))) {
        files.remove_all(project / name);
      }
      move_over(entry->path(), project / name);
    }
  }
  files.remove_all(unpacked);
}

}  // namespace ame::clusters
