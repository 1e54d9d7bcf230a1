// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/env/caller.hpp"
#include "core/env/interpreter.hpp"
#include "core/env/python_places.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/process_runner.hpp"

namespace ame {

/// Asks each candidate what it is, several at a time; `answers[i]` belongs to `candidates[i]`, none for what is no
/// Python that can be used. No process may run. Throws Error(interrupted).
std::vector<std::optional<Interpreter>> probe_pythons(const std::vector<PythonCandidate>& candidates,
                                                      const CallerEnvironment& caller,
                                                      ProcessRunner& processes,
                                                      const Clock& clock);

/// The answer of one, as it printed it.
std::optional<Interpreter> read_probe(std::string_view printed);

}  // namespace ame
