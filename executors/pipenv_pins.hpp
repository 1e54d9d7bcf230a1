// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/run/step_plan.hpp"
#include "executors/project_folder.hpp"

namespace ame::executors {

/// Steps that install exactly what `pipenv sync` would, with the hashes of Pipfile.lock, by uv: Pipenv itself is not
/// needed. A lock file that does not belong to its Pipfile is refused, as Pipenv refuses it. What only Pipenv
/// understands (repositories, several indexes) makes a step fail without a known reason: then it is Pipenv's turn.
std::vector<InstallStep> pipenv_install_by_uv(const ProjectFolder& folder);

}  // namespace ame::executors
