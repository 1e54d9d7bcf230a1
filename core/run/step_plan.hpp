// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/model/command.hpp"
#include "core/source_span.hpp"

namespace ame {

/// Words that stand for places nobody knows until it is decided where a plan runs. Each side (this machine, a script
/// for a cluster) puts its own in. They appear in install commands and variables of an EnvironmentPlan, never in what a
/// user wrote.
namespace placeholder {
inline constexpr const char* environment = "@AME_ENVIRONMENT@";        ///< directory of the environment
inline constexpr const char* python = "@AME_PYTHON@";                  ///< the interpreter that was chosen
inline constexpr const char* tool = "@AME_TOOL@";                      ///< the manager's program
inline constexpr const char* tool_directory = "@AME_TOOL_DIRECTORY@";  ///< where that program lies
inline constexpr const char* project = "@AME_PROJECT@";                ///< the project's directory
inline constexpr const char* uv = "@AME_UV@";  ///< uv's program; in EnvironmentPlan::by_uv alone
}  // namespace placeholder

/// Which Python is wanted, and who says so.
struct PythonRequest {
  std::string constraint;  ///< "3.11", "3.11.4", "^3.10", ">=3.9,<3.12"; empty: any
  std::string source;      ///< "ame.yml:7", "pyproject.toml": for messages
  Place where;             ///< source may be null

  bool operator==(const PythonRequest&) const = default;
};

/// The program that installs: "poetry", "pipenv", "mlflow". Found on PATH or bootstrapped into ame's tools.
struct ToolRequest {
  std::string name;
  std::string version;  ///< empty: any

  bool operator==(const ToolRequest&) const = default;
};

/// What a manager's words mean when an install step failed, so that the user reads a sentence and not only a log.
struct KnownFailure {
  std::string output_has;  ///< words of the manager; empty: whatever it said
  std::string message;
  std::string hint;

  bool operator==(const KnownFailure&) const = default;
};

struct InstallStep {
  std::string label;              ///< "installing from poetry.lock": for the display
  std::vector<std::string> argv;  ///< with placeholders
  std::vector<EnvironmentVariable> environment;
  std::string directory;                     ///< with placeholders; empty: the project's
  std::vector<KnownFailure> known_failures;  ///< the first that fits is told

  bool operator==(const InstallStep&) const = default;
};

/// An environment, described: what shapes it and how it is made. Equal content means the same environment.
struct EnvironmentPlan {
  std::string manager;  ///< "pip", "poetry", …
  PythonRequest python;
  std::optional<ToolRequest> tool;
  std::vector<std::filesystem::path> inputs;   ///< files whose content shapes it, relative to the project
  std::vector<std::string> settings;           ///< what else shapes it: groups, extras, …
  std::vector<InstallStep> install;            ///< in order; the first failure ends it
  std::vector<InstallStep> by_uv;              ///< the same environment, made by uv instead, sooner; empty: it cannot
  std::vector<EnvironmentVariable> variables;  ///< set while it is active, with placeholders
  std::vector<std::string> path_first;         ///< put before PATH while it is active, with placeholders
  bool bound_to_project = false;               ///< holds an editable install: not shared with another directory

  bool operator==(const EnvironmentPlan&) const = default;
};

/// What a step needs and how it starts, with no word of where. Made by an executor, carried out by a runner here or
/// rendered for a cluster.
struct StepPlan {
  std::optional<EnvironmentPlan> environment;  ///< none: the command runs with no set-up
  CommandText command;
  std::vector<EnvironmentVariable> variables;  ///< that the manager would set for every command
  std::string image;                           ///< container image; empty: none asked for
  std::vector<Diagnostic> warnings;

  bool operator==(const StepPlan&) const = default;
};

}  // namespace ame
