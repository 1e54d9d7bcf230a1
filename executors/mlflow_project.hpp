// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/run/step_plan.hpp"
#include "executors/project_folder.hpp"

namespace ame::executors {

/// What an MLproject, its python_env.yaml or its conda.yaml say.
struct MlflowProject {
  std::vector<std::string> entry_points;
  std::vector<PythonRequest> python;            ///< at most one
  std::vector<std::string> build_dependencies;  ///< arguments of `pip install`
  std::vector<std::string> dependencies;        ///< likewise
  bool has_mlflow = false;                      ///< among the dependencies
  std::string conda_file;                       ///< it names packages of conda itself, so conda has to make it
  std::vector<std::filesystem::path> inputs;    ///< relative to the project
  std::vector<Diagnostic> warnings;
};

/// The folder's file of that name, whatever its case; empty where there is none.
std::string find_mlproject(const ProjectFolder& folder);

/// Throws Error(bad_project) for what cannot be understood or carried out.
MlflowProject read_mlflow_project(const ProjectFolder& folder, const std::string& mlproject);

}  // namespace ame::executors
