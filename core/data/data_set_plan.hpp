// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/env/environment_key.hpp"
#include "core/files/manifest.hpp"
#include "core/graph/task_graph.hpp"
#include "core/model/project.hpp"
#include "core/run/step_plan.hpp"

namespace ame {

/// Files of one project that a data set depends on.
struct DataSetSources {
  std::filesystem::path directory;    ///< absolute
  std::string name;                   ///< of the project; stands before its files where it is not the data set's own
  std::vector<std::string> inputs;    ///< patterns: these alone; empty: every file that is not ignored
  std::vector<std::string> always;    ///< files that count besides, as lock files do
  std::vector<std::string> outcomes;  ///< patterns of what tasks write: never counted

  bool operator==(const DataSetSources&) const = default;
};

/// A data set and all that decides on its content.
struct DataSetPlan {
  std::string shown;                ///< "customers", "other_project.customers"
  std::string name;                 ///< in its own project
  ProjectName project;              ///< whose it is
  std::filesystem::path directory;  ///< of the project that makes it, absolute
  std::string path;                 ///< relative to that
  std::uint64_t size = 0;           ///< bytes expected; 0: not said
  std::vector<KeyPart> steps;       ///< the commands and environments that make it, by their digests
  std::vector<DataSetSources> sources;
  std::vector<StepIndex> made_by;  ///< of the graph

  bool operator==(const DataSetPlan&) const = default;
};

/// The data sets that steps of the graph make. `plans[i]` belongs to `graph.steps[i]`; `command_line` are variables
/// given to all steps.
std::vector<DataSetPlan> plan_data_sets(const Project& project,
                                        const TaskGraph& graph,
                                        const std::vector<StepPlan>& plans,
                                        const std::vector<EnvironmentVariable>& command_line);

/// The steps that wait for one of `makers` and are none themselves: who uses the data set.
std::vector<StepIndex> users_of(const TaskGraph& graph, const std::vector<StepIndex>& makers);

std::string data_set_plan_json(const DataSetPlan& plan);

/// Throws Error(bug) for what the function above did not write.
DataSetPlan read_data_set_plan(std::string_view text);

}  // namespace ame
