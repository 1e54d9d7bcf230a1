// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/model/python_version.hpp"
#include "core/run/step_plan.hpp"

namespace ame {

/// A Python of this machine, as it describes itself.
struct Interpreter {
  std::filesystem::path program;  ///< the real binary: no link, no shim, not that of a virtual environment
  PythonVersion version;
  bool is_release = true;   ///< no alpha, beta or candidate
  bool makes_venvs = true;  ///< `venv` and `ensurepip` are there
  std::string platform;     ///< "linux-x86_64"
  std::string fingerprint;  ///< changes when another binary takes the place of this one
  std::string origin;       ///< where it was found: "PATH", "pyenv"

  bool operator==(const Interpreter&) const = default;
};

/// The newest that satisfies the request; of equals the first. Null where none does. A candidate of a coming release
/// is only taken where no release fits.
const Interpreter* choose_interpreter(const std::vector<Interpreter>& interpreters, const PythonConstraint& wanted);

/// The constraint of a request. Throws Error(bad_project) when it is none.
PythonConstraint constraint_of(const PythonRequest& request);

}  // namespace ame
