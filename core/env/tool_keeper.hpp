// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/env/build_ports.hpp"
#include "core/env/cache_layout.hpp"
#include "core/env/caller.hpp"
#include "core/env/interpreter.hpp"
#include "core/env/known_tools.hpp"
#include "core/run/step_plan.hpp"

namespace ame {

/// uv, where it does the installing in place of another manager.
struct UvInstaller {
  Tool uv;
  CallerEnvironment environment;  ///< of its processes
};

/// Finds the managers of this machine, and makes those that are absent: each version once, in a place of its own.
class ToolKeeper {
 public:
  ToolKeeper(CacheLayout layout, CallerEnvironment caller, BuildPorts ports, BuildListener listener);

  /// From PATH where one of the wanted version works (shims do not count), else from ame's tools, where it is put when
  /// it is not there yet; by uv where one is given. Throws Error(machine) when that fails.
  Tool find_or_make(const ToolRequest& wanted,
                    const std::vector<Interpreter>& interpreters,
                    const UvInstaller* uv = nullptr);

  /// The first half of it: none where it would have to be made.
  std::optional<Tool> find(const ToolRequest& wanted);

  /// Asks those on PATH that may be the tool for their versions, once for each.
  void ask_candidates(const std::string& name);

 private:
  struct Recipe;

  std::optional<Tool> find_on_path(const ToolRequest& wanted);
  [[nodiscard]] std::optional<Tool> find_made(const std::string& name, const std::string& program) const;
  Tool make(const Recipe& recipe, const Interpreter& interpreter, const UvInstaller* uv);
  bool make_by_uv(const Recipe& recipe,
                  const Interpreter& interpreter,
                  const std::filesystem::path& place,
                  const UvInstaller& uv);
  void run(const std::vector<std::string>& argv, const Recipe& recipe);

  CacheLayout layout_;
  CallerEnvironment caller_;
  BuildPorts ports_;
  BuildListener listener_;
};

}  // namespace ame
