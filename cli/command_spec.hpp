// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/exit_code.hpp"

namespace ame::cli {

struct Session;

/// Runs after the whole command line was understood.
using Action = std::function<ExitCode(Session&)>;

/// Where a value of the command line is stored. Points into the options that the command's action owns.
using Target = std::variant<bool*, std::string*, std::optional<long>*, std::vector<std::string>*>;

struct OptionSpec {
  std::string names;                 ///< "-l,--local"
  Target target;                     ///< a bool makes it a flag, a list lets it be given several times
  std::string value;                 ///< what stands for its value in the help: "N"; empty for a flag
  std::string text;                  ///< one line, without a period
  std::vector<std::string> choices;  ///< the words it accepts; empty: any
};

/// What completes an argument in a shell.
enum class Completion { nothing, task, run, task_or_run };

struct ArgumentSpec {
  std::string name;  ///< as in the help: "NAME"
  Target target;     ///< a list takes as many as there are
  std::string text;
  bool required = false;
  Completion completion = Completion::nothing;
};

struct Example {
  std::string line;  ///< as typed
  std::string text;  ///< what it does
};

/// A command or a group of commands, declared: the one truth for parsing, help, docs/cli.md and completion.
struct CommandSpec {
  std::string name;
  std::string summary;  ///< one line, without a period
  std::string details;  ///< paragraphs for its own help; may be empty
  std::vector<OptionSpec> options;
  std::vector<ArgumentSpec> arguments;
  std::vector<std::string>* rest = nullptr;  ///< takes what stands after `--`
  std::vector<Example> examples;
  std::vector<CommandSpec> commands;  ///< of a group
  Action action;                      ///< of a command
  std::vector<std::string> aliases;
  bool hidden = false;  ///< not for people: in no help and no list
};

/// "-l" and "--local" of "-l,--local".
std::vector<std::string> names_of(const OptionSpec& option);

}  // namespace ame::cli
