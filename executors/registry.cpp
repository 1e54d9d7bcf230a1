// SPDX-License-Identifier: Apache-2.0
#include "executors/registry.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "core/text.hpp"
#include "executors/custom.hpp"
#include "executors/mlflow.hpp"
#include "executors/pip.hpp"
#include "executors/pipenv.hpp"
#include "executors/poetry.hpp"
#include "executors/project_folder.hpp"
#include "executors/uv.hpp"

namespace ame::executors {
namespace {

const ExecutorStrategy& strategy_for(const Executor& executor) {
  const std::string_view tag = tag_of(executor);
  const auto all = all_executors();
  return **std::find_if(all.begin(), all.end(), [tag](const ExecutorStrategy* one) { return one->tag() == tag; });
}

void append(CommandText& command, const std::vector<std::string>& words) {
  if (auto* const list = std::get_if<ArgvCommand>(&command)) {
    list->argv.insert(list->argv.end(), words.begin(), words.end());
    return;
  }
  std::string& text = std::get<ShellCommand>(command).text;
  text.erase(text.find_last_not_of(" \t\r\n") + 1);  // a block scalar ends in a newline, which ends the command
  for (const std::string& word : words) {
    text += " " + shell_quoted(word);
  }
}

/// Steps that no other step waits for: what was asked for by name, or the end of it.
std::vector<bool> ends_of(const TaskGraph& graph) {
  std::vector<bool> is_end(graph.steps.size(), true);
  for (const Step& step : graph.steps) {
    for (const StepIndex needed : step.needs) {
      is_end.at(needed) = false;
    }
  }
  return is_end;
}

void add_new(std::vector<Diagnostic>& mistakes, const std::vector<Diagnostic>& found) {
  for (const Diagnostic& diagnostic : found) {
    if (std::find(mistakes.begin(), mistakes.end(), diagnostic) == mistakes.end()) {
      mistakes.push_back(diagnostic);
    }
  }
}

}  // namespace

std::span<const ExecutorStrategy* const> all_executors() {
  static const PoetryExecutor poetry;
  static const PipenvExecutor pipenv;
  static const PipExecutor pip;
  static const MlflowExecutor mlflow;
  static const UvExecutor uv;
  static const CustomExecutor custom;
  static const std::array<const ExecutorStrategy*, 6> all = {&poetry, &pipenv, &pip, &mlflow, &uv, &custom};
  return all;
}

std::vector<StepPlan> plan_steps(const TaskGraph& graph,
                                 const FileReader& files,
                                 const std::vector<std::string>& extra_arguments) {
  std::vector<StepPlan> plans;
  plans.reserve(graph.steps.size());
  std::vector<Diagnostic> mistakes;
  for (const Step& step : graph.steps) {
    try {
      plans.push_back(strategy_for(executor_of(step)).plan(step, files));
    } catch (const Error& error) {
      if (error.code() != ExitCode::bad_project) {
        throw;
      }
      add_new(mistakes, error.diagnostics());
    }
  }
  if (!mistakes.empty()) {
    throw Error(ExitCode::bad_project, std::move(mistakes));
  }
  if (!extra_arguments.empty()) {
    const std::vector<bool> is_end = ends_of(graph);
    for (std::size_t index = 0; index < plans.size(); ++index) {
      if (is_end[index]) {
        append(plans[index].command, extra_arguments);
      }
    }
  }
  return plans;
}

}  // namespace ame::executors
