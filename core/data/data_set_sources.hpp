// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/data/data_layout.hpp"
#include "core/data/data_set_plan.hpp"
#include "core/data/step_artifacts.hpp"

namespace ame {

/// All that a data set depends on, part by part: the steps that make it, and the files of their projects. Reads only
/// files that are not known from an earlier look.
std::vector<KeyPart> parts_of(const DataSetPlan& plan, const DataLayout& layout, const StepArtifactPorts& ports);

/// 32 digits. Equal parts have one key, on whichever machine.
std::string key_of(const std::vector<KeyPart>& parts);

}  // namespace ame
