// SPDX-License-Identifier: Apache-2.0
#include "core/files/artifact_selection.hpp"

#include <algorithm>
#include <ranges>

#include "core/files/wildcard.hpp"

namespace ame {

namespace {

bool is_pattern(std::string_view path) {
  return path.find_first_of("*?[\\") != std::string_view::npos;
}

std::string joined(const std::vector<std::string_view>& segments) {
  std::string path;
  for (const std::string_view segment : segments) {
    path += path.empty() ? "" : "/";
    path += segment;
  }
  return path;
}

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments = path_segments(path);
  std::erase(segments, ".");
  return segments;
}

/// The entry itself, or all that lie below it.
std::vector<std::size_t> plain(const std::string& path, const Tree& tree) {
  std::vector<std::size_t> found;
  auto entry = std::ranges::lower_bound(tree, path, {}, &TreeEntry::path);
  if (entry != tree.end() && entry->path == path) {
    return {static_cast<std::size_t>(entry - tree.begin())};
  }
  const std::string below = path.empty() ? "" : path + "/";
  entry = std::ranges::lower_bound(tree, below, {}, &TreeEntry::path);
  for (; entry != tree.end() && entry->path.starts_with(below); ++entry) {
    found.push_back(static_cast<std::size_t>(entry - tree.begin()));
  }
  return found;
}

bool matches_or_lies_below(const std::vector<std::string>& pattern, std::string_view path) {
  const std::vector<std::string_view> whole = path_segments(path);
  std::vector<std::string_view> upper;
  return std::ranges::any_of(whole, [&](std::string_view segment) {
    upper.push_back(segment);
    return segments_match(pattern, upper);
  });
}

std::vector<std::size_t> matched(const std::vector<std::string_view>& segments, const Tree& tree) {
  const std::vector<std::string> pattern(segments.begin(), segments.end());
  std::vector<std::size_t> found;
  for (std::size_t index = 0; index < tree.size(); ++index) {
    if (matches_or_lies_below(pattern, tree[index].path)) {
      found.push_back(index);
    }
  }
  return found;
}

}  // namespace

bool stays_inside(std::string_view path) {
  const std::vector<std::string_view> segments = path_segments(path);
  return !path.starts_with('/') && std::ranges::find(segments, "..") == segments.end();
}

std::string fixed_part(std::string_view path) {
  std::vector<std::string_view> fixed;
  for (const std::string_view segment : segments_of(path)) {
    if (is_pattern(segment)) {
      break;
    }
    fixed.push_back(segment);
  }
  return joined(fixed);
}

ArtifactSelection select_artifacts(const std::vector<ArtifactPath>& paths, const Tree& tree) {
  ArtifactSelection selection;
  for (const ArtifactPath& path : paths) {
    const auto segments = segments_of(path.path);
    const auto found = is_pattern(path.path) ? matched(segments, tree) : plain(joined(segments), tree);
    if (found.empty() && !path.optional) {
      selection.missing.push_back(path.path);
    }
    selection.entries.insert(selection.entries.end(), found.begin(), found.end());
  }
  std::ranges::sort(selection.entries);
  const auto repeated = std::ranges::unique(selection.entries);
  selection.entries.erase(repeated.begin(), repeated.end());
  return selection;
}

}  // namespace ame
