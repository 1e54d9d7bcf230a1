// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/model/run.hpp"
#include "core/run/frozen_run.hpp"

namespace ame {

/// A run with what was kept of it when it began; none where that is not there.
struct KnownRun {
  RunRecord record;
  std::optional<FrozenRun> frozen;
};

/// One thing that is another in two runs.
struct RunDifference {
  StepName step;     ///< empty: of the whole run
  std::string what;  ///< "command", "environment", "commit", "file ame.yml", …
  std::string left;  ///< empty: there was none
  std::string right;

  bool operator==(const RunDifference&) const = default;
};

/// What differs: first what was run, then what became of it; of the whole run before that of its steps. Times do not
/// count. A file's difference is a patch in `right`, with `left` empty.
std::vector<RunDifference> compare_runs(const KnownRun& left, const KnownRun& right);

/// Paths that a patch changes, sorted.
std::vector<std::string> files_in_patch(const std::string& patch);

}  // namespace ame
