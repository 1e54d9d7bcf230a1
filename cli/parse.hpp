// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/command_spec.hpp"

namespace ame::cli {

/// A command with the groups that lead to it.
struct CommandPath {
  std::vector<const CommandSpec*> specs;  ///< the root first

  [[nodiscard]] const CommandSpec& last() const { return *specs.back(); }

  /// "ame task run".
  [[nodiscard]] std::string text() const;
};

struct Parsed {
  CommandPath path;
  bool help = false;  ///< -h or --help was given: nothing else was checked
};

/// Fills the targets of `root` and of the chosen command. `words` are the arguments without the program's name.
/// Throws Error(usage), with the nearest right word, for every mistake.
Parsed parse_command_line(const CommandSpec& root, const std::vector<std::string>& words);

}  // namespace ame::cli
