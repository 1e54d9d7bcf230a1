// SPDX-License-Identifier: Apache-2.0
#include "core/files/file_patterns.hpp"

#include <string_view>

#include "core/files/artifact_selection.hpp"
#include "core/files/wildcard.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

/// Deeper than any project, and not for ever where links go round.
constexpr int deepest = 64;

bool is_plain(std::string_view segment) {
  return segment.find_first_of("*?[\\") == std::string_view::npos;
}

class Search {
 public:
  Search(const fs::path& top, const FileReader& files, FoundFiles& found)
      : top_(top),
        files_(files),
        found_(found) {}

  /// Whether the pattern means anything.
  bool add(const std::string& pattern) {
    const std::vector<std::string_view> parts = path_segments(pattern);
    segments_.assign(parts.begin(), parts.end());
    const std::size_t before = found_.files.size();
    any_ = false;
    visit("", 0, 0);
    return any_ || found_.files.size() > before;
  }

 private:
  [[nodiscard]] static std::string below(const std::string& directory, const std::string& name) {
    return directory.empty() ? name : directory + "/" + name;
  }

  std::vector<std::string> names_in(const std::string& directory) {
    found_.directories.push_back(directory);
    return files_.list(top_ / directory);
  }

  /// What the segments from `next` on mean in a directory.
  void visit(const std::string& directory, std::size_t next, int depth) {
    if (depth > deepest) {
      return;
    }
    if (next == segments_.size()) {
      add_all_below(directory, depth);
      return;
    }
    const std::string& segment = segments_[next];
    if (segment == "**") {
      visit_any_depth(directory, next, depth);
    } else if (is_plain(segment)) {
      take(below(directory, segment), next + 1, depth);
    } else {
      for (const std::string& name : names_in(directory)) {
        if (wildcard_matches(segment, name) && name != ".git") {
          take(below(directory, name), next + 1, depth);
        }
      }
    }
  }

  void visit_any_depth(const std::string& directory, std::size_t next, int depth) {
    if (next + 1 == segments_.size()) {
      add_all_below(directory, depth);
      return;
    }
    visit(directory, next + 1, depth);
    for (const std::string& name : names_in(directory)) {
      const std::string path = below(directory, name);
      if (name != ".git" && files_.status(top_ / path).kind == FileKind::directory) {
        visit_any_depth(path, next, depth + 1);
      }
    }
  }

  void take(const std::string& path, std::size_t next, int depth) {
    const FileStatus status = files_.status(top_ / path);
    if (status.kind == FileKind::directory) {
      any_ = any_ || next == segments_.size();
      visit(path, next, depth + 1);
    } else if (status.kind == FileKind::regular && next == segments_.size()) {
      any_ = true;
      found_.files.insert_or_assign(path, status);
    }
  }

  void add_all_below(const std::string& directory, int depth) {
    if (depth > deepest) {
      return;
    }
    for (const std::string& name : names_in(directory)) {
      const std::string path = below(directory, name);
      const FileStatus status = files_.status(top_ / path);
      if (status.kind == FileKind::regular) {
        found_.files.insert_or_assign(path, status);
      } else if (status.kind == FileKind::directory && name != ".git") {
        add_all_below(path, depth + 1);
      }
    }
  }

  const fs::path& top_;
  const FileReader& files_;
  FoundFiles& found_;
  std::vector<std::string> segments_;
  bool any_ = false;
};

}  // namespace

FoundFiles find_files(const std::vector<std::string>& patterns, const fs::path& top, const FileReader& files) {
  FoundFiles found;
  Search search(top, files, found);
  for (const std::string& pattern : patterns) {
    if (!stays_inside(pattern) || !search.add(pattern)) {
      found.unmet.push_back(pattern);
    }
  }
  return found;
}

}  // namespace ame
