// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "core/model/run.hpp"

namespace ame {

/// What may go of finished runs: those that every rule that is given lets go. Without a rule nothing may.
struct RetentionRule {
  std::optional<std::size_t> keep;                      ///< the newest so many of each task stay
  std::optional<std::chrono::milliseconds> older_than;  ///< what ended later stays

  [[nodiscard]] bool is_given() const { return keep || older_than; }
};

/// The runs that go. `runs` are the newest first; those that go on count among the newest, and stay.
std::vector<RunRecord> runs_that_go(const std::vector<RunRecord>& runs, const RetentionRule& rule, UtcTime now);

}  // namespace ame
