// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/render/terminal.hpp"
#include "core/names.hpp"

namespace ame::cli {

/// Whether a step would run now.
struct StepStatus {
  StepName step;
  bool runs = true;
  std::string reason;  ///< empty: it runs whenever it is asked for
};

std::string status_text(const std::vector<StepStatus>& steps, const Painter& paint);

/// {"steps": [{"name": …, "runs": …, "reason": …}]}
std::string status_json(const std::vector<StepStatus>& steps);

}  // namespace ame::cli
