// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/model/command.hpp"
#include "core/source_span.hpp"

namespace ame {

struct Poetry {
  std::vector<std::string> groups;  ///< `--with` these dependency groups
  std::vector<std::string> extras;
  bool operator==(const Poetry&) const = default;
};

struct Pip {
  std::string requirements;  ///< default requirements.txt
  bool operator==(const Pip&) const = default;
};

struct Pipenv {
  bool operator==(const Pipenv&) const = default;
};

struct MlflowParameter {
  std::string key;
  std::string value;
  bool operator==(const MlflowParameter&) const = default;
};

struct Mlflow {
  std::string entry_point;  ///< default `main`
  std::vector<MlflowParameter> parameters;
  std::string experiment;
  std::string env_manager;
  bool operator==(const Mlflow&) const = default;
};

struct Uv {
  std::vector<std::string> groups;  ///< `--group` these dependency groups
  std::vector<std::string> extras;
  bool operator==(const Uv&) const = default;
};

struct Custom {
  bool operator==(const Custom&) const = default;
};

/// How a task's dependencies are installed and how it is started.
struct Executor {
  std::variant<Custom, Poetry, Pip, Pipenv, Mlflow, Uv> kind;
  std::optional<CommandText> command;  ///< only `!mlflow` may leave it out
  std::string python_version;          ///< as written ("3.10" stays "3.10"); empty: not given
  std::string tool_version;            ///< version of the manager itself; empty: any
  std::string image;                   ///< container image; empty: none asked for
  Place where;                         ///< for the errors that only a machine can find
  Place python_version_where;

  bool operator==(const Executor&) const = default;
};

/// "poetry", "pip", "pipenv", "mlflow", "uv" or "custom": the tag without its exclamation mark.
const char* tag_of(const Executor& executor);

}  // namespace ame
