// SPDX-License-Identifier: Apache-2.0
#include "core/run/done_note.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "core/run/booked_files.hpp"
#include "core/run/text_fields.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view header = "ame done 1\n";

bool is_as_noted(const FileStatus& noted, const FileStatus& now) {
  return noted.kind == now.kind &&
         (noted.kind == FileKind::missing ||
          (noted.modified_ns == now.modified_ns && noted.changed_ns == now.changed_ns && noted.inode == now.inode &&
           (noted.kind == FileKind::directory || (noted.size == now.size && noted.mode == now.mode))));
}

}  // namespace

std::string DoneNote::text() const {
  FieldWriter writer(header);
  writer.add(asked);
  writer.add(run);
  writer.add(steps);
  writer.add(paths.size());
  for (const NotedPath& noted : paths) {
    writer.add(noted.path.native());
    writer.add(static_cast<std::uint64_t>(noted.status.kind));
    writer.add(noted.status.size);
    writer.add(static_cast<std::uint64_t>(noted.status.modified_ns));
    writer.add(static_cast<std::uint64_t>(noted.status.changed_ns));
    writer.add(noted.status.inode);
    writer.add(std::uint64_t{noted.status.mode});
  }
  return writer.take();
}

std::optional<DoneNote> DoneNote::parse(std::string_view text) {
  if (!text.starts_with(header)) {
    return std::nullopt;
  }
  FieldReader reader(text.substr(header.size()));
  DoneNote note;
  note.asked = reader.text();
  note.run = reader.text();
  note.steps = reader.number();
  for (std::uint64_t count = reader.number(); count > 0 && !reader.failed(); --count) {
    NotedPath noted;
    noted.path = fs::path(reader.text());
    noted.status.kind = static_cast<FileKind>(reader.number());
    noted.status.size = reader.number();
    noted.status.modified_ns = static_cast<std::int64_t>(reader.number());
    noted.status.changed_ns = static_cast<std::int64_t>(reader.number());
    noted.status.inode = reader.number();
    noted.status.mode = static_cast<std::uint32_t>(reader.number());
    note.paths.push_back(std::move(noted));
  }
  return reader.failed() ? std::nullopt : std::optional(std::move(note));
}

std::vector<NotedPath> noted_paths_of(const FileAnswers& answers, const FileReader& files) {
  std::set<fs::path> paths;
  for (const auto& [path, status] : answers.statuses) {
    paths.insert(path);
  }
  for (const auto& [path, content] : answers.contents) {
    paths.insert(path);
  }
  for (const auto& [path, names] : answers.lists) {
    paths.insert(path);
  }
  std::vector<NotedPath> noted;
  for (const fs::path& path : paths) {
    noted.push_back({.path = path, .status = files.status(path)});
  }
  return noted;
}

bool changed_just_now(const std::vector<NotedPath>& paths, std::int64_t now_ns) {
  return std::ranges::any_of(paths, [now_ns](const NotedPath& noted) {
    return noted.status.kind != FileKind::missing && noted.status.changed_ns >= now_ns - moment_of_files_ns;
  });
}

bool still_holds(const DoneNote& note, const FileReader& files) {
  return std::ranges::all_of(
      note.paths, [&files](const NotedPath& noted) { return is_as_noted(noted.status, files.status(noted.path)); });
}

}  // namespace ame
