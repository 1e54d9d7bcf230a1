// SPDX-License-Identifier: Apache-2.0
#include "schema/workspace.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace ame::schema {

namespace {

constexpr std::string_view every_directory = "/*";

WorkspaceEntry entry_of(const Node& item, const std::filesystem::path& directory, Decoding& decoding) {
  std::string_view text = read_scalar({"projects", item}, "a directory", decoding);
  if (item.kind != NodeKind::scalar) {
    return {};
  }
  WorkspaceEntry entry{.node = &item};
  if (text == "*" || text.ends_with(every_directory)) {
    entry.all_below = true;
    text.remove_suffix(std::min(text.size(), every_directory.size()));
  }
  if (text.find('*') != std::string_view::npos) {
    decoding.problems.error({.where = item,
                             .message = fmt::format("`{}` is no directory", item.scalar),
                             .hint = "`*` stands alone and last: `models/*` means every directory in `models`"});
    return {};
  }
  entry.directory = (directory / text).lexically_normal();
  if (!entry.directory.has_filename()) {
    entry.directory = entry.directory.parent_path();
  }
  return entry;
}

}  // namespace

std::filesystem::path find_workspace_file(const FileReader& files, const std::filesystem::path& directory) {
  for (std::filesystem::path at = directory;; at = at.parent_path()) {
    std::filesystem::path file = at / workspace_file_name;
    if (files.status(file).kind == FileKind::regular) {
      return file;
    }
    if (!at.has_relative_path()) {
      return {};
    }
  }
}

std::vector<WorkspaceEntry> decode_workspace(const Node& root,
                                             const std::filesystem::path& directory,
                                             Decoding& decoding) {
  std::vector<WorkspaceEntry> entries;
  each_entry({workspace_file_name, root}, Section::workspace, decoding, [&](const KnownEntry& known) {
    const Node& list = known.entry->value;
    if (list.kind != NodeKind::sequence) {
      report_kind(known.value(), "a list of directories", decoding);
      return;
    }
    for (const Node& item : list.items) {
      if (WorkspaceEntry entry = entry_of(item, directory, decoding); entry.node != nullptr) {
        entries.push_back(std::move(entry));
      }
    }
  });
  return entries;
}

}  // namespace ame::schema
