// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/model/command.hpp"
#include "core/ports/process_runner.hpp"
#include "core/run/step_plan.hpp"

namespace ame {

/// An environment that is there, complete.
struct ReadyEnvironment {
  std::string key;  ///< short hash of all that shapes it
  std::filesystem::path directory;
  std::filesystem::path python;                ///< interpreter inside it
  std::vector<EnvironmentVariable> variables;  ///< to be set while it is active; placeholders filled in
  std::vector<std::string> path_first;         ///< to be put before PATH, in order
  std::string installed_by;                    ///< "uv 0.13.8", "poetry 2.5.1"; with the manager that runs in it
  std::shared_ptr<void> lease;                 ///< kept for as long as something runs in it: it is not pruned meanwhile
};

/// The environment is absent or incomplete. The request, run to its end, makes it (or waits for whoever makes it):
/// each line on its standard output says what it does (one that begins with a carriage return, how far it is), its
/// standard error carries the tools' output, exit 0 means it
/// is there now.
struct BuildNeeded {
  std::string key;
  ProcessRequest request;
};

/// Where environments are kept on this machine.
class Environments {
 public:
  virtual ~Environments() = default;

  /// Quick when it is there. Throws Error(machine) when no fitting Python is found.
  virtual std::variant<ReadyEnvironment, BuildNeeded> find_or_request(const EnvironmentPlan& plan,
                                                                      const std::filesystem::path& project) = 0;

  /// The environment of that key, made for such a plan, whatever has become of the files that shaped it. None when it
  /// is gone.
  virtual std::optional<ReadyEnvironment> find(const std::string& key,
                                               const EnvironmentPlan& plan,
                                               const std::filesystem::path& project) = 0;
};

}  // namespace ame
