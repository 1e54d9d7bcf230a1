// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "core/data/data_layout.hpp"
#include "core/data/data_set_record.hpp"
#include "core/data/data_set_request.hpp"
#include "core/data/step_artifacts.hpp"
#include "core/ports/clock.hpp"

namespace ame {

struct DataSetPorts {
  StepArtifactPorts step;
  DataLayout layout;
  const Clock& clock;
};

/// How a data set stands.
struct DataSetStanding {
  DataSetKey key;                       ///< as it is to be now
  std::optional<DataSetRecord> record;  ///< none: it is to be made
  std::string why;                      ///< then: "it was never made", "`fetch.py` changed"
};

DataSetStanding standing_of(const DataSetPlan& plan, const DataSetPorts& ports);

/// Writes the key file. Returns whether the data set is ready; where it is not, what lies at its path is made the
/// maker's own, so that writing to it changes nothing that is kept. `free_space` is in bytes.
bool look_at_data_set(const DataSetRequest& request,
                      std::uint64_t free_space,
                      const DataSetPorts& ports,
                      const TellProgress& tell);

/// Keeps what was made, under the key of the look before, and protects it from being written to.
void keep_data_set(const DataSetRequest& request, const DataSetPorts& ports, const TellProgress& tell);

/// Puts the data set below the destination, at its path, read-only: shared with the store where the disk can do that,
/// else copied. What is there already and the same is left. Throws Error(machine) rather than writing over what nobody
/// has kept.
void place_data_set(const DataSetRequest& request, const DataSetPorts& ports, const TellProgress& tell);

/// Puts all of the data set below the destination, where nothing of it is: shared with the store where the disk can do
/// that, else copied. Throws Error(machine) where what was kept is gone.
void fetch_data_set(const DataSetRequest& request, const DataSetPorts& ports);

}  // namespace ame
