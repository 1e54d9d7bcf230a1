// SPDX-License-Identifier: Apache-2.0
#include "executors/poetry_plugins.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "executors/project_folder.hpp"
#include "executors/virtual_environment.hpp"

namespace ame::executors {
namespace {

/// They add commands that a task does not use.
constexpr std::array<std::string_view, 5> commands_alone = {
    "poetry-plugin-bundle", "poetry-plugin-export", "poetry-plugin-shell", "poetry-plugin-up", "poetry-audit-plugin"};

}  // namespace

bool has_plugins_with_a_say(const Node& pyproject) {
  const Node* const plugins = look_up(pyproject, {"tool", "poetry", "requires-plugins"});
  return plugins != nullptr && std::any_of(plugins->entries.begin(), plugins->entries.end(), [](const Entry& entry) {
           return std::find(commands_alone.begin(), commands_alone.end(), entry.key.scalar) == commands_alone.end();
         });
}

CommandText by_poetry_run(const CommandText& command) {
  std::vector<std::string> argv = {"poetry", "run"};
  if (const auto* const shell = std::get_if<ShellCommand>(&command)) {
    argv.insert(argv.end(), {"/bin/sh", "-c", shell->text});
  } else {
    const std::vector<std::string>& words = std::get<ArgvCommand>(command).argv;
    argv.insert(argv.end(), words.begin(), words.end());
  }
  return ArgvCommand{std::move(argv)};
}

std::vector<EnvironmentVariable> poetry_in_active_environment() {
  return {{.key = "POETRY_VIRTUALENVS_CREATE", .value = "false"},
          // Poetry remembers environments there and would prefer those.
          {.key = "POETRY_VIRTUALENVS_PATH", .value = program_in_environment("none")}};
}

void let_poetry_run(EnvironmentPlan& environment) {
  environment.path_first.emplace_back(placeholder::tool_directory);
  std::ranges::copy(poetry_in_active_environment(), std::back_inserter(environment.variables));
}

}  // namespace ame::executors
