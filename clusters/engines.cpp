// SPDX-License-Identifier: Apache-2.0
#include "clusters/engines.hpp"

#include <algorithm>

#include "clusters/slurm_engine.hpp"
#include "clusters/tes_engine.hpp"

namespace ame::clusters {

const std::vector<EngineKind>& engine_kinds() {
  static const std::vector<EngineKind> kinds = {
      {.kind = "slurm", .require_sense = require_sense_of_slurm, .make = make_slurm_engine},
      {.kind = "tes", .require_sense = require_sense_of_tes, .make = make_tes_engine},
  };
  return kinds;
}

const EngineKind& engine_kind(const std::string& kind) {
  return *std::ranges::find(engine_kinds(), kind, &EngineKind::kind);
}

}  // namespace ame::clusters
