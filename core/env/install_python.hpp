// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/env/build_ports.hpp"
#include "core/env/caller.hpp"
#include "core/env/interpreter.hpp"
#include "core/env/tool_keeper.hpp"

namespace ame {

struct InstallPythonWith {
  BuildPorts ports;
  BuildListener listener;
  CallerEnvironment caller;
};

/// Has a Python installed that satisfies the constraint: by uv, and where that fails by pyenv, if it is there. Throws
/// Error(machine) when neither does it.
void install_python(const PythonConstraint& wanted,
                    const std::vector<Interpreter>& pythons,
                    ToolKeeper& tools,
                    const InstallPythonWith& with);

}  // namespace ame
