// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "core/model/run.hpp"
#include "core/system/run_layout.hpp"

namespace ame {

/// Whether somebody holds the pen of a run. Its owner keeps the list of events locked for as long as it lives.
bool is_being_written(const RunLayout& layout, RunId id);

/// The run as its files tell it; none where there is none, or its first line was never finished.
std::optional<RunRecord> read_run(const RunLayout& layout, RunId id);

/// As read_run, in a moment also for large runs, without steps and with what the last line says.
std::optional<RunRecord> read_run_summary(const RunLayout& layout, RunId id);

/// The truth about a run that is not finished. When its owner is dead it has failed: that is told in the record, and
/// written into the run's files where they can be written. A run on a cluster is as it was when its owner died.
RunRecord settled(const RunLayout& layout, RunRecord run);

}  // namespace ame
