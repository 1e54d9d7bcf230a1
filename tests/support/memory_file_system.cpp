// SPDX-License-Identifier: Apache-2.0
#include "tests/support/memory_file_system.hpp"

#include <cerrno>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

fs::path plain(const fs::path& path) {
  fs::path normal = path.lexically_normal();
  return normal.has_filename() || normal == normal.root_path() ? normal : normal.parent_path();
}

bool is_below(const fs::path& path, const fs::path& tree) {
  const fs::path relative = path.lexically_relative(tree);
  return !relative.empty() && *relative.begin() != "..";
}

Error refusal(const std::string& message) {
  return {ExitCode::machine, Diagnostic{.message = message}};
}

Error refusal(const char* what, const fs::path& path, int error_number) {
  return refusal(with_errno(fmt::format("cannot {} `{}`", what, path.string()), error_number));
}

}  // namespace

MemoryFileSystem::MemoryFileSystem() {
  put("/", {.kind = FileKind::directory, .mode = 0755});
}

void MemoryFileSystem::add(const fs::path& path, std::string content) {
  add_directory(plain(path).parent_path());
  put(path, {.content = std::move(content)});
}

void MemoryFileSystem::add_directory(const fs::path& path) {
  make_directories(path, FileMode::shared);
}

void MemoryFileSystem::refuse(const fs::path& path) {
  refused_.insert(plain(path));
}

FileStatus MemoryFileSystem::status(const fs::path& path) const {
  const auto found = entries_.find(plain(path));
  if (found == entries_.end()) {
    return {};
  }
  const Entry& entry = found->second;
  return {.kind = entry.kind,
          .size = entry.content.size(),
          .modified_ns = entry.modified_ns,
          .changed_ns = entry.modified_ns,
          .inode = 0,
          .mode = entry.mode};
}

std::optional<std::string> MemoryFileSystem::read(const fs::path& path, std::uint64_t limit) const {
  was_read_.push_back(path);
  const auto found = entries_.find(plain(path));
  if (found == entries_.end()) {
    return std::nullopt;
  }
  require_allowed("read", path);
  if (found->second.kind == FileKind::directory) {
    throw refusal(fmt::format("`{}` is a directory, not a file", path.string()));
  }
  const std::string& content = found->second.content;
  if (content.size() > limit) {
    throw refusal(
        fmt::format("`{}` is too large: {} bytes, at most {} are read", path.string(), content.size(), limit));
  }
  return content;
}

std::vector<std::string> MemoryFileSystem::list(const fs::path& directory) const {
  std::vector<std::string> names;
  const fs::path parent = plain(directory);
  for (const auto& [path, entry] : entries_) {
    if (path != parent && path.parent_path() == parent) {
      names.push_back(path.filename().string());
    }
  }
  return names;
}

void MemoryFileSystem::make_directories(const fs::path& path, FileMode mode) {
  const fs::path wanted = plain(path);
  if (wanted.empty()) {
    return;
  }
  const FileStatus found = status(wanted);
  if (found.kind == FileKind::directory) {
    return;
  }
  if (found.kind != FileKind::missing) {
    throw refusal("create the directory", path, ENOTDIR);
  }
  make_directories(wanted.parent_path(), mode);
  require_allowed("create the directory", wanted);
  put(wanted, {.kind = FileKind::directory, .mode = mode == FileMode::owner_only ? 0700U : 0755U});
}

void MemoryFileSystem::write_atomically(const fs::path& path, std::string_view content, FileMode mode) {
  require_allowed("write", path);
  if (status(plain(path).parent_path()).kind != FileKind::directory) {
    throw refusal("write", path, ENOENT);
  }
  if (status(path).kind == FileKind::directory) {
    throw refusal("write", path, EISDIR);
  }
  put(path, {.content = std::string(content), .mode = static_cast<std::uint32_t>(mode)});
  was_written_.push_back(path);
}

void MemoryFileSystem::remove_all(const fs::path& path) {
  require_allowed("remove", path);
  const fs::path tree = plain(path);
  std::erase_if(entries_, [&tree](const auto& entry) { return is_below(entry.first, tree); });
}

void MemoryFileSystem::put(const fs::path& path, Entry entry) {
  entry.modified_ns = ++ticks_;
  entries_[plain(path)] = std::move(entry);
}

void MemoryFileSystem::require_allowed(const char* what, const fs::path& path) const {
  if (refused_.contains(plain(path))) {
    throw refusal(what, path, EACCES);
  }
}

}  // namespace ame
