// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "executors/registry.hpp"
#include "tests/support/memory_file_system.hpp"

namespace ame {

/// A task of a project in `/p`, planned.
class PlannedStep {
 public:
  explicit PlannedStep(Executor executor)
      : executor_(std::move(executor)) {
    executor_.where = place(3);
    executor_.python_version_where = place(4);
  }

  PlannedStep& file(const std::string& name, std::string content) {
    files_.add("/p/" + name, std::move(content));
    return *this;
  }

  PlannedStep& in(std::string directory) {
    directory_ = std::move(directory);
    return *this;
  }

  PlannedStep& extra(std::vector<std::string> arguments) {
    extra_ = std::move(arguments);
    return *this;
  }

  [[nodiscard]] StepPlan plan() const { return executors::plan_steps(graph(), files_, extra_).at(0); }

  [[nodiscard]] EnvironmentPlan environment() const { return plan().environment.value(); }

  /// What is told instead of a plan, one a line.
  [[nodiscard]] std::string mistakes() const {
    std::string told;
    try {
      static_cast<void>(plan());
    } catch (const Error& error) {
      for (const Diagnostic& diagnostic : error.diagnostics()) {
        told += told.empty() ? "" : "\n";
        told += (diagnostic.where ? diagnostic.where->file + ":" + std::to_string(diagnostic.where->line) + ": " : "");
        told += diagnostic.message;
      }
    }
    return told;
  }

 private:
  [[nodiscard]] Place place(int line) const { return {.source = source_, .line = line, .column = 1}; }

  [[nodiscard]] TaskGraph graph() const {
    auto task = std::make_shared<Task>();
    task->name = TaskName("train");
    task->work = executor_;
    task->project_directory = "/p";
    task->working_directory = directory_;
    task->where = place(1);
    return {.project = ProjectName("p"), .steps = {{.name = StepName("train"), .task = std::move(task)}}};
  }

  std::shared_ptr<const SourceText> source_ =
      std::make_shared<SourceText>(SourceText{.file = "ame.yml", .text = "1\n2\n3\n4\n"});
  Executor executor_;
  MemoryFileSystem files_;
  std::string directory_;
  std::vector<std::string> extra_;
};

inline std::string shell_text(const StepPlan& plan) {
  return std::get<ShellCommand>(plan.command).text;
}

template <class Kind>
Executor executor(Kind kind, std::string command = "python train.py") {
  return {.kind = std::move(kind), .command = ShellCommand{std::move(command)}};
}

}  // namespace ame
