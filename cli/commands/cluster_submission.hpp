// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/commands/carry_out.hpp"
#include "cli/session.hpp"
#include "clusters/engine.hpp"
#include "core/error.hpp"
#include "core/model/secret_text.hpp"
#include "core/run/job.hpp"
#include "core/secrets/resolve_secrets.hpp"

namespace ame::cli {

/// Scripts run where the project's files are: those of one project. Throws Error(bad_project) for a step of another.
void require_one_project(const PreparedRun& run);

/// The jobs of a run as they are for other machines, which inherit nothing from here.
std::vector<Job> jobs_for_elsewhere(const PreparedRun& run, const RunWishes& wishes);

/// Says what the engine cannot be told. Throws Error(bad_project) for it where that is wished.
void tell_what_cannot_be(const std::vector<Diagnostic>& cannot, const char* engine, bool is_error, Session& session);

/// What the command line sets for all steps, apart by whether anybody may see it in a script.
struct GivenVariables {
  std::vector<EnvironmentVariable> plain;
  std::vector<EnvironmentVariable> withheld;  ///< their names say that they are for nobody's eyes
};

GivenVariables given_variables(const RunWishes& wishes);

/// Lines for a shell that set what a step is given and stands in no script, by the index of the step; empty for a step
/// that is given nothing, and none at all where no step is. `secrets` are those of each step, or none.
std::vector<SecretText> secret_lines(const TaskGraph& graph,
                                     const std::vector<std::vector<StepSecret>>& secrets,
                                     const std::vector<EnvironmentVariable>& of_all);

/// Where a run is that was frozen; none for one of this machine.
std::optional<clusters::PlaceOfRun> place_of(const FrozenRun& frozen, RunId run);

}  // namespace ame::cli
