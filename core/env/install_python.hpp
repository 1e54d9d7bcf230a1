// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
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

/// Has a Python installed that satisfies the constraint ("3.12", "^3.10"): by uv, and where that fails by pyenv, if it
/// is there. Throws Error(machine) when neither does it.
void install_python(const std::string& constraint,
                    const std::vector<Interpreter>& pythons,
                    ToolKeeper& tools,
                    const InstallPythonWith& with);

}  // namespace ame
