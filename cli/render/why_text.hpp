// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/commands/explain_run.hpp"
#include "cli/render/terminal.hpp"

namespace ame::cli {

/// What there is to say about the steps of a run, for people.
std::string why_text(const RunRecord& run, const std::vector<StepExplanation>& steps, const Painter& paint);

/// {"run": …, "steps": [{…, "why": […], "waits_for": […], "earlier_attempts": […], "last_lines": […]}]}
std::string why_json(const RunRecord& run, const std::vector<StepExplanation>& steps);

}  // namespace ame::cli
