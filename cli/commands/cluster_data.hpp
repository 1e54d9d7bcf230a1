// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "cli/commands/carry_out.hpp"
#include "cli/session.hpp"
#include "clusters/engine.hpp"
#include "core/data/data_set_request.hpp"

namespace ame::cli {

/// Writes down, with the run's other files, what its data sets depend on, and which of them are to be kept once they
/// are made.
void note_data_sets(const std::vector<DataSetOfRun>& data_sets, RunId run, Session& session);

/// Those that were written down to be kept, by whoever began the run.
std::vector<DataSetRequest> data_sets_to_keep(RunId run, Session& session);

/// Whether there are any in a run that begins.
bool makes_data_sets(const std::vector<DataSetOfRun>& data_sets);

/// The files of data sets that are ready and used, in a directory of their own as long as this lives. Throws
/// Error(machine) where what was kept is gone.
class ReadyData {
 public:
  /// After note_data_sets.
  ReadyData(const std::vector<DataSetOfRun>& data_sets, RunId run, Session& session);

  ReadyData(const ReadyData&) = delete;
  ReadyData& operator=(const ReadyData&) = delete;
  ReadyData(ReadyData&&) = delete;
  ReadyData& operator=(ReadyData&&) = delete;
  ~ReadyData();

  /// Empty tree: no step uses any.
  [[nodiscard]] const clusters::ShipmentPart& part() const { return part_; }

 private:
  Session& session_;
  clusters::ShipmentPart part_;
};

}  // namespace ame::cli
