// SPDX-License-Identifier: Apache-2.0
#include "core/files/manifest.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ame {

std::string object_key(std::string_view hash) {
  return fmt::format("objects/{}/{}", hash.substr(0, 2), hash);
}

std::string manifest_key(const Manifest& manifest) {
  // A step's name may hold slashes; a key with them would look like a directory of another step.
  std::string step = manifest.step.text();
  std::ranges::replace(step, '/', ':');
  return fmt::format(
      "runs/{}/{}/{}-{}/{}.json", manifest.project.text(), manifest.task, manifest.run.number, manifest.origin, step);
}

std::vector<ManifestDifference> compare_manifests(const Manifest& left, const Manifest& right) {
  std::vector<ManifestDifference> differences;
  auto old = left.entries.begin();
  const auto removed_before = [&](const std::string* path) {
    for (; old != left.entries.end() && (path == nullptr || old->path < *path); ++old) {
      differences.push_back({.path = old->path, .difference = Difference::removed});
    }
  };
  for (const ManifestEntry& entry : right.entries) {
    removed_before(&entry.path);
    if (old == left.entries.end() || old->path != entry.path) {
      differences.push_back({.path = entry.path, .difference = Difference::added});
      continue;
    }
    if (!(*old == entry)) {
      differences.push_back({.path = entry.path, .difference = Difference::changed});
    }
    ++old;
  }
  removed_before(nullptr);
  return differences;
}

}  // namespace ame
