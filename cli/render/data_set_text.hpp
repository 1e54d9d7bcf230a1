// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/render/terminal.hpp"
#include "core/ports/clock.hpp"

namespace ame::cli {

enum class DataSetPhase : std::uint8_t { pending, running_task, ready, failed };

/// A data set as it was made once.
struct MadeDataSet {
  long run = 0;
  UtcTime created;
  std::uint64_t bytes = 0;
  std::size_t files = 0;
};

/// How a data set stands.
struct DataSetState {
  std::string name;
  std::string path;
  DataSetPhase phase = DataSetPhase::pending;
  std::optional<MadeDataSet> made;  ///< what is ready, or the newest that is no longer fit
  std::string why;                  ///< it is not ready
  std::string failed_run;           ///< number of the run that failed to make it
};

std::string data_sets_text(const std::vector<DataSetState>& states, const Painter& paint);

/// One, in words.
std::string data_set_text(const DataSetState& state);

/// {"dataSets": [{"name", "path", "phase", "why", "size", "files", "run", "made", "failedRun"}]}
std::string data_sets_json(const std::vector<DataSetState>& states);

}  // namespace ame::cli
