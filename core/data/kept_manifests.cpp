// SPDX-License-Identifier: Apache-2.0
#include "core/data/kept_manifests.hpp"

#include <algorithm>
#include <charconv>
#include <tuple>

#include <fmt/format.h>

#include "core/data/manifest_json.hpp"
#include "core/error.hpp"
#include "core/files/wildcard.hpp"

namespace ame {

namespace {

constexpr std::size_t origin_digits = 8;

/// `142-1a2b3c4d`.
bool read_run(std::string_view text, ManifestKey& key) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) {
    return false;
  }
  const auto read = std::from_chars(text.data(), text.data() + dash, key.run.number);
  key.origin = text.substr(dash + 1);
  return read.ec == std::errc() && read.ptr == text.data() + dash;
}

}  // namespace

std::optional<ManifestKey> read_manifest_key(const std::string& key) {
  const std::vector<std::string_view> parts = path_segments(key);
  ManifestKey read{.key = key};
  constexpr std::size_t parts_of_key = 5;
  if (parts.size() != parts_of_key || parts[0] != "runs" || !read_run(parts[3], read) || !key.ends_with(".json")) {
    return std::nullopt;
  }
  read.project = parts[1];
  read.task = parts[2];
  return read;
}

std::vector<ManifestKey> manifest_keys(ObjectStore& store, const std::string& origin) {
  std::vector<ManifestKey> keys;
  for (const std::string& key : store.list("runs/")) {
    std::optional<ManifestKey> read = read_manifest_key(key);
    if (read && read->origin == origin) {
      keys.push_back(*std::move(read));
    }
  }
  std::ranges::stable_sort(keys, [](const ManifestKey& left, const ManifestKey& right) {
    return std::tie(right.run, left.key) < std::tie(left.run, right.key);
  });
  return keys;
}

Manifest load_manifest(ObjectStore& store, const std::string& key) {
  const std::optional<std::string> text = store.get_text(key);
  const std::string place = fmt::format("`{}` in {}", key, store.place());
  if (!text) {
    throw Error(ExitCode::machine, Diagnostic{.message = fmt::format("{} is gone", place)});
  }
  return read_manifest(*text, place);
}

std::vector<Manifest> manifests_of(ObjectStore& store, const std::string& origin, RunId run) {
  std::vector<Manifest> manifests;
  for (const ManifestKey& key : manifest_keys(store, origin)) {
    if (key.run == run) {
      manifests.push_back(load_manifest(store, key.key));
    }
  }
  return manifests;
}

std::string origin_of(const std::filesystem::path& file, FileSystem& files, FileLocks& locks, std::string_view fresh) {
  if (const std::optional<std::string> known = files.read(file)) {
    return known->substr(0, origin_digits);
  }
  files.make_directories(file.parent_path());
  std::filesystem::path lock_file = file;
  lock_file += ".lock";
  const auto lock = locks.lock(lock_file);
  if (const std::optional<std::string> known = files.read(file)) {
    return known->substr(0, origin_digits);
  }
  files.write_atomically(file, fmt::format("{}\n", fresh.substr(0, origin_digits)));
  return std::string(fresh.substr(0, origin_digits));
}

Manifest joined(const std::vector<Manifest>& manifests) {
  if (manifests.size() == 1) {
    return manifests.front();
  }
  Manifest all;
  for (const Manifest& manifest : manifests) {
    const std::string below = manifest.step.text() + "/";
    for (ManifestEntry entry : manifest.entries) {
      entry.path.insert(0, below);
      all.entries.push_back(std::move(entry));
    }
    for (const std::string& path : manifest.deleted) {
      all.deleted.push_back(below + path);
    }
  }
  std::ranges::sort(all.entries, {}, &ManifestEntry::path);
  std::ranges::sort(all.deleted);
  return all;
}

}  // namespace ame
