// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/graph/task_graph.hpp"
#include "core/model/run.hpp"

namespace ame {

/// "exceeded 4Gi of memory, peak 4.3Gi", "signal 9", "exit code 3": inside of a sentence.
std::string description_of(const StepEnd& end);

/// What asks ame to stop, inside of a sentence: "Ctrl-C".
const char* name_of_stop(int signal);

/// How a step is called by one that needs it: "`prepare`", "the data set `images`".
std::string needed_text(const Step& step);

}  // namespace ame
