// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/render/json_values.hpp"
#include "cli/render/terminal.hpp"
#include "core/env/environment_keeper.hpp"
#include "core/env/kept_environments.hpp"

namespace ame::cli {

/// An environment of the cache with the names of those who use it: `train-142`, or `process 4711`.
struct ListedEnvironment {
  KeptEnvironment kept;
  std::vector<std::string> users;
};

/// What `ame env list` shows. `now` is what the last use is told from, `wheels` the bytes of unpacked wheels.
std::string environments_text(const std::vector<ListedEnvironment>& listed,
                              std::int64_t wheels,
                              UtcTime now,
                              const Painter& paint);
std::string environments_json(const std::vector<ListedEnvironment>& listed, std::int64_t wheels);

/// What `ame env show` shows.
std::string environment_text(const ListedEnvironment& listed);
std::string environment_json(const ListedEnvironment& listed);

/// The environment that a step of a task means on this machine.
struct TaskEnvironment {
  std::string step;
  EnvironmentPlan plan;
  std::filesystem::path project;
  std::optional<MeantEnvironment> meant;     ///< none: a Python or a manager here was never asked what it is
  std::optional<KeptEnvironment> kept;       ///< none: it is not made yet
  std::optional<EnvironmentRecord> earlier;  ///< the newest other one of this project and manager
  std::string mistake;                       ///< why there can be none here; empty: there can
};

/// Lines that start with `#`, for behind the YAML of a task: which environment it is, and why that one.
std::string why_text(const TaskEnvironment& environment);
Json why_json(const TaskEnvironment& environment);

/// "45.2 MB", "1.3 GB".
std::string bytes_text(std::int64_t bytes);

}  // namespace ame::cli
