// SPDX-License-Identifier: Apache-2.0
#include "core/run/step_description.hpp"

#include <algorithm>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "core/run/frozen_run.hpp"
#include "core/text.hpp"

namespace ame {

namespace {

std::string text_of(const CommandText& command) {
  if (const auto* shell = std::get_if<ShellCommand>(&command)) {
    return shell->text;
  }
  std::string text;
  for (const std::string& word : std::get<ArgvCommand>(command).argv) {
    text += shell_quoted(word) + " ";
  }
  return text;
}

/// What ame itself says differs from run to run.
bool is_own(const std::string& variable) {
  return variable.starts_with("AME_");
}

/// The value may come from a file that holds secrets, or its name says that it is one.
bool is_private(const EnvironmentVariable& variable, const Job& job) {
  const bool comes_from_plan = std::ranges::find(job.plan->variables, variable) != job.plan->variables.end();
  return comes_from_plan || sounds_secret(variable.key);
}

constexpr std::string_view mark_line = "secrets ";

std::string without_mark(std::string_view variables) {
  std::string text;
  while (!variables.empty()) {
    const std::size_t end = std::min(variables.find('\n'), variables.size() - 1) + 1;
    if (!variables.starts_with(mark_line)) {
      text += variables.substr(0, end);
    }
    variables.remove_prefix(end);
  }
  return text;
}

}  // namespace

std::string described_command(const Job& job) {
  return fmt::format("{}\n{}\n{}", text_of(job.plan->command), job.directory.string(), job.plan->image);
}

std::string described_variables(const Job& job, const Task& task) {
  std::vector<std::string> lines;
  for (const EnvironmentVariable& variable : job.environment) {
    if (!is_own(variable.key)) {
      lines.push_back(is_private(variable, job) ? fmt::format("{} is set\n", variable.key)
                                                : fmt::format("{}={}\n", variable.key, variable.value));
    }
  }
  // Their values are nobody's business; another key is another secret.
  for (const SecretReference& secret : task.secrets) {
    lines.push_back(fmt::format("secret {}\n", secret.key));
  }
  if (!job.secret_mark.empty()) {
    lines.push_back(fmt::format("{}{}\n", mark_line, job.secret_mark));
  }
  std::ranges::sort(lines);
  std::string text;
  for (const std::string& line : lines) {
    text += line;
  }
  return text;
}

bool are_same_but_for_secrets(std::string_view one, std::string_view other) {
  return without_mark(one) == without_mark(other);
}

}  // namespace ame
