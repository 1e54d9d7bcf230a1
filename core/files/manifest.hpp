// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/files/tree.hpp"
#include "core/model/run.hpp"

namespace ame {

/// A file or link as it was kept.
struct ManifestEntry {
  std::string path;  ///< relative to the project
  TreeEntryKind kind = TreeEntryKind::file;
  std::uint32_t mode = 0;  ///< permission bits
  std::uint64_t size = 0;  ///< bytes of a file
  std::string hash;        ///< SHA-256 of a file's content, 64 hexadecimal digits
  std::string target;      ///< of a link

  bool operator==(const ManifestEntry&) const = default;
};

/// What a step left behind.
struct Manifest {
  ProjectName project;
  std::string task;
  RunId run;
  std::string origin;  ///< of the run: whose number it is, since several machines may share a store; 8 digits
  StepName step;
  UtcTime created;
  std::vector<ManifestEntry> entries;  ///< sorted by path
  std::vector<std::string> deleted;    ///< files that the step removed, sorted; only known with saveChangedFiles

  bool operator==(const Manifest&) const = default;
};

/// `objects/ba/ba7816…`: equal content has one key, whoever keeps it.
std::string object_key(std::string_view hash);

/// `runs/<project>/<task>/<run>-<origin>/<step>.json`.
std::string manifest_key(const Manifest& manifest);

enum class Difference : std::uint8_t { added, removed, changed };

struct ManifestDifference {
  std::string path;
  Difference difference = Difference::changed;

  bool operator==(const ManifestDifference&) const = default;
};

/// What differs from `left` to `right`, sorted by path.
std::vector<ManifestDifference> compare_manifests(const Manifest& left, const Manifest& right);

}  // namespace ame
