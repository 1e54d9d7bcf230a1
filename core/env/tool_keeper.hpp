// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/env/build_ports.hpp"
#include "core/env/cache_layout.hpp"
#include "core/env/caller.hpp"
#include "core/env/interpreter.hpp"
#include "core/run/step_plan.hpp"

namespace ame {

/// A program that installs.
struct Tool {
  std::filesystem::path program;
  std::string version;
};

/// Finds the managers of this machine, and makes those that are absent: each version once, in a place of its own.
class ToolKeeper {
 public:
  ToolKeeper(CacheLayout layout, CallerEnvironment caller, BuildPorts ports, BuildListener listener);

  /// From PATH where one of the wanted version works (shims do not count), else from ame's tools, where it is put when
  /// it is not there yet. Throws Error(machine) when that fails.
  Tool find_or_make(const ToolRequest& wanted, const std::vector<Interpreter>& interpreters);

 private:
  struct Recipe;

  std::optional<Tool> find_on_path(const ToolRequest& wanted);
  [[nodiscard]] std::optional<Tool> find_made(const std::string& name, const std::string& program) const;
  Tool make(const Recipe& recipe, const Interpreter& interpreter);
  void run(const std::vector<std::string>& argv, const Recipe& recipe);

  CacheLayout layout_;
  CallerEnvironment caller_;
  BuildPorts ports_;
  BuildListener listener_;
};

/// The version in what a program says of itself: "2.1.4" in "Poetry (version 2.1.4)"; empty where there is none.
std::string version_in(std::string_view text);

/// "2.1" asks for 2.1.4 as well; empty for any.
bool is_version(std::string_view version, std::string_view wanted);

}  // namespace ame
