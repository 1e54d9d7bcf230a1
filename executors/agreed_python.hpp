// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/formats/document.hpp"
#include "core/graph/task_graph.hpp"
#include "core/run/step_plan.hpp"
#include "executors/project_folder.hpp"

namespace ame::executors {

/// What `pythonVersion` says; an empty constraint where it is not given.
PythonRequest python_of_task(const Step& step);

/// What a scalar in a file of the project says; an empty constraint for null.
PythonRequest python_of_file(const Document& document, const Node* node);

/// What the folder's `.python-version` says; an empty constraint where there is none, or none of CPython.
PythonRequest pinned_python(const ProjectFolder& folder);

/// The first, or the second where the first is empty.
PythonRequest or_else(const PythonRequest& request, const PythonRequest& otherwise);

/// One request that satisfies all. Throws Error(bad_project) for a text that is no constraint, and for two that no
/// Python can satisfy together, naming both.
PythonRequest agreed_python(const std::vector<PythonRequest>& stated);

}  // namespace ame::executors
