// SPDX-License-Identifier: Apache-2.0
#include "core/data/prune.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "core/data/data_set_record.hpp"
#include "core/data/kept_manifests.hpp"
#include "core/files/wildcard.hpp"

namespace ame {

std::vector<Prunable> prunable_artifacts(ObjectStore& store, const Retention& retention) {
  std::vector<Prunable> found;
  for (const ManifestKey& key : manifest_keys(store, retention.origin)) {
    if (retention.runs.contains(key.run.number)) {
      continue;
    }
    const Manifest manifest = load_manifest(store, key.key);
    if (manifest.created < retention.younger_than) {
      found.push_back({.key = key.key,
                       .what = fmt::format("what `{}` of run {} left behind", manifest.step.text(), key.run.number)});
    }
  }
  return found;
}

std::vector<Prunable> prunable_data_sets(ObjectStore& store, const Retention& retention) {
  std::map<std::string, std::vector<std::pair<std::string, DataSetRecord>>> versions;
  for (const std::string& key : store.list("datasets/")) {
    const std::vector<std::string_view> parts = path_segments(key);
    constexpr std::size_t parts_of_key = 4;
    constexpr std::string_view ending = ".json";
    if (parts.size() != parts_of_key || !parts[3].ends_with(ending)) {
      continue;
    }
    const std::string version(parts[3].substr(0, parts[3].size() - ending.size()));
    auto record = find_record(store, ProjectName(std::string(parts[1])), std::string(parts[2]), version);
    if (record) {
      versions[fmt::format("{}.{}", parts[1], parts[2])].emplace_back(key, *std::move(record));
    }
  }
  std::vector<Prunable> found;
  for (auto& [name, records] : versions) {
    std::ranges::sort(records,
                      [](const auto& left, const auto& right) { return left.second.created > right.second.created; });
    for (std::size_t index = retention.newest_data; index < records.size(); ++index) {
      const DataSetRecord& record = records[index].second;
      const bool is_remembered = record.origin != retention.origin || retention.runs.contains(record.run.number) ||
                                 retention.data.contains(record.key);
      if (!is_remembered && record.created < retention.younger_than) {
        found.push_back({.key = records[index].first,
                         .what = fmt::format("the data set `{}` as run {} made it", name, record.run.number)});
      }
    }
  }
  return found;
}

}  // namespace ame
