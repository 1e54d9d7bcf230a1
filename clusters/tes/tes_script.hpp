// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "clusters/tes/tes_export.hpp"

namespace ame::clusters {

/// Where things are in the container of a step.
inline constexpr const char* tes_inputs = "/ame/in";
inline constexpr const char* tes_outputs = "/ame/out";
inline constexpr const char* tes_work = "/ame/work";
inline constexpr const char* tes_step = "/ame/step.sh";
inline constexpr const char* tes_around = "/ame/run.sh";

/// What stands around the script of a step.
struct AroundStep {
  std::string name;    ///< of its secrets, where it has any
  std::string number;  ///< of the run
  bool has_secrets = false;
  std::vector<LargeFile> large;
  std::size_t changes = 0;  ///< archives of changes, `changes-1.tar` and so on, in their order
};

/// A script for the shell and the small tools that every image but the barest has: puts the project together from what
/// it finds in `tes_inputs`, runs the step, packs what has changed in the project since into `tes_outputs`, tells there
/// how it has ended, and ends well.
std::string tes_around_step(const AroundStep& around);

}  // namespace ame::clusters
