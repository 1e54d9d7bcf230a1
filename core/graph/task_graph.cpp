// SPDX-License-Identifier: Apache-2.0
#include "core/graph/task_graph.hpp"

#include <algorithm>
#include <deque>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/graph/bound_task.hpp"
#include "core/graph/matrix.hpp"
#include "core/graph/wait_net.hpp"
#include "core/text.hpp"

namespace ame {

namespace {

constexpr std::size_t most_steps = 500'000;

using TaskPointer = std::shared_ptr<const Task>;

std::string key_of(const ProjectName& project, std::string_view name) {
  return fmt::format("{}.{}", project.text(), name);
}

/// Finds tasks and data sets by name, also those of other projects.
class Directory {
 public:
  explicit Directory(const Project& project)
      : project_(project.name) {
    own_.reserve(project.tasks.size());
    for (const TaskPointer& task : project.tasks) {
      own_.try_emplace(task->name.text(), task);
    }
    for (const TaskPointer& task : project.other_tasks) {
      others_.try_emplace(key_of(task->project, task->name.text()), task);
    }
    for (const DataSet& data_set : project.data_sets) {
      data_sets_.try_emplace(key_of(data_set.project, data_set.name), data_set.task);
    }
  }

  /// A task of the project itself, which may run in another project's directory.
  [[nodiscard]] TaskPointer own_task(const TaskName& name) const { return found(own_, name.text()); }

  [[nodiscard]] TaskPointer task(const ProjectName& project, const TaskName& name) const {
    return project == project_ ? own_task(name) : found(others_, key_of(project, name.text()));
  }

  [[nodiscard]] TaskPointer producer(const DataSetReference& data_set) const {
    return found(data_sets_, key_of(data_set.project, data_set.name));
  }

 private:
  using Index = std::unordered_map<std::string, TaskPointer>;

  static TaskPointer found(const Index& index, const std::string& key) {
    const auto at = index.find(key);
    return at == index.end() ? nullptr : at->second;
  }

  const ProjectName& project_;
  Index own_;
  Index others_;
  Index data_sets_;
};

/// The items of a pipeline and the gates behind them.
struct Scope {
  const Scope* outer = nullptr;
  std::unordered_map<std::string_view, NetNode> by_name;
  std::vector<std::pair<TaskPointer, NetNode>> items;
};

/// What reaches a task from the pipelines and matrices around it.
struct Surroundings {
  const Scope* scope = nullptr;
  TaskPointer inherits;
  std::vector<EnvironmentVariable> bindings;
  std::string when;
  bool ignore_errors = false;
  std::string produces;
};

class GraphMaker {
 public:
  explicit GraphMaker(const Project& project)
      : project_(project),
        directory_(project) {}

  TaskGraph make(const std::vector<TaskName>& targets) {
    for (const TaskName& target : targets) {
      if (const TaskPointer task = directory_.own_task(target)) {
        gate_of(task, task->name.text(), {});
      }
    }
    // A unit is put down when it is first named and taken up here, so that long chains need no stack.
    for (std::size_t index = 0; index < units_.size(); ++index) {
      const Unit unit = units_[index];
      Surroundings around{.produces = unit.produces};
      net_.wait(unit.gate, {expand(unit.task, unit.name, around, std::nullopt)});
    }
    if (!problems_.empty()) {
      throw Error(ExitCode::bad_project, std::move(problems_));
    }
    return {.project = project_.name, .steps = net_.take_steps()};
  }

 private:
  /// A task of the top level: it is in the graph once, whoever needs it.
  struct Unit {
    TaskPointer task;
    std::string name;
    std::string produces;
    NetNode gate = 0;
  };

  NetNode gate_of(const TaskPointer& task, const std::string& name, const std::string& produces) {
    const auto [found, added] = gates_.try_emplace(name, 0);
    if (added) {
      found->second = net_.add_gate();
      units_.push_back({task, name, produces, found->second});
    }
    return found->second;
  }

  [[nodiscard]] std::string shown_name(const ProjectName& project, const std::string& name) const {
    return project == project_.name ? name : key_of(project, name);
  }

  /// The whole of a task; what comes back is done when all of it is done.
  NetNode expand(const TaskPointer& task,
                 const std::string& name,
                 const Surroundings& around,
                 std::optional<NetNode> after) {
    const std::optional<NetNode> start = start_of(*task, around, after);
    if (task->matrix == Matrix{}) {
      return expand_instance(task, name, around, start);
    }
    const auto instances = matrix_instances(task->matrix, most_steps);
    if (!instances || instances->empty()) {
      report(*task,
             instances
                 ? fmt::format("the matrix of `{}` leaves no combination", task->name.text())
                 : fmt::format("the matrix of `{}` has more than {} combinations", task->name.text(), most_steps));
      return net_.add_gate();
    }
    const NetNode end = net_.add_gate();
    for (const MatrixInstance& instance : *instances) {
      Surroundings within = around;
      within.bindings.insert(within.bindings.end(), instance.values.begin(), instance.values.end());
      net_.wait(end, {expand_instance(task, name + "@" + instance.label, within, start)});
    }
    return end;
  }

  /// What the task waits for before any of it starts; none: nothing.
  std::optional<NetNode> start_of(const Task& task, const Surroundings& around, std::optional<NetNode> after) {
    if (task.depends_on.empty() && task.data_sets.empty()) {
      return after;
    }
    const NetNode start = net_.add_gate();
    if (after) {
      net_.wait(start, {*after});
    }
    for (const TaskDependency& dependency : task.depends_on) {
      wait_for_dependency(start, dependency, around);
    }
    for (const DataSetReference& data_set : task.data_sets) {
      if (const TaskPointer producer = directory_.producer(data_set)) {
        const std::string shown = shown_name(data_set.project, data_set.name);
        net_.wait(start, {gate_of(producer, "data/" + shown, shown)});
      }
    }
    return start;
  }

  void wait_for_dependency(NetNode start, const TaskDependency& dependency, const Surroundings& around) {
    if (dependency.project.empty()) {
      const auto found = around.scope->by_name.find(dependency.name.text());
      if (found != around.scope->by_name.end()) {
        net_.wait(start, {found->second, &dependency});
      }
      return;
    }
    const TaskPointer task = directory_.task(dependency.project, dependency.name);
    if (task == nullptr || waits_for_items(start, dependency, *task, around)) {
      return;
    }
    net_.wait(start, {gate_of(task, shown_name(dependency.project, task->name.text()), {}), &dependency});
  }

  /// In a pipeline, a dependency on a task is met by the nearest steps that are this task.
  bool waits_for_items(NetNode start, const TaskDependency& dependency, const Task& task, const Surroundings& around) {
    for (const Scope* scope = around.scope; scope != nullptr; scope = scope->outer) {
      bool met = false;
      for (const auto& [item, gate] : scope->items) {
        const bool same =
            item.get() == &task || (item->refers_to == dependency.name && item->project == dependency.project);
        if (same) {
          net_.wait(start, {gate, &dependency});
          met = true;
        }
      }
      if (met) {
        return true;
      }
    }
    return false;
  }

  NetNode expand_instance(const TaskPointer& task,
                          const std::string& name,
                          const Surroundings& around,
                          std::optional<NetNode> start) {
    const TaskPointer bound = bound_to(task, around);
    if (std::holds_alternative<Pipeline>(bound->work)) {
      return expand_pipeline(bound, name, around, start);
    }
    if (net_.steps() == most_steps) {
      report(*task, fmt::format("there are more than {} steps", most_steps));
    }
    if (net_.steps() >= most_steps) {
      return net_.add_gate();
    }
    const NetNode step = net_.add_step({.name = StepName(name),
                                        .task = bound,
                                        .needs = {},
                                        .bindings = around.bindings,
                                        .inherits = around.inherits,
                                        .produces = around.produces});
    if (start) {
      net_.wait(step, {*start});
    }
    return step;
  }

  NetNode expand_pipeline(const TaskPointer& task,
                          const std::string& name,
                          const Surroundings& around,
                          std::optional<NetNode> start) {
    const auto& pipeline = std::get<Pipeline>(task->work);
    Scope scope{.outer = around.scope, .by_name = {}, .items = {}};
    for (const Stage& stage : pipeline.stages) {
      for (const Chain& chain : stage) {
        for (const TaskPointer& item : chain) {
          const NetNode gate = net_.add_gate();
          scope.by_name.try_emplace(item->name.text(), gate);
          scope.items.emplace_back(item, gate);
        }
      }
    }
    const Surroundings within = surroundings_in(task, around, scope);
    auto item_gate = scope.items.begin();
    std::optional<NetNode> before = start;
    for (const Stage& stage : pipeline.stages) {
      const NetNode end = net_.add_gate();
      for (const Chain& chain : stage) {
        std::optional<NetNode> at = before;
        for (const TaskPointer& item : chain) {
          at = expand(item, name + "/" + item->name.text(), within, at);
          net_.wait((item_gate++)->second, {*at});
        }
        if (at) {
          net_.wait(end, {*at});
        }
      }
      before = end;
    }
    return before ? *before : net_.add_gate();
  }

  /// Requires that what comes from around the pipeline is in it already.
  static Surroundings surroundings_in(const TaskPointer& pipeline, const Surroundings& around, const Scope& scope) {
    Surroundings within = around;
    within.scope = &scope;
    within.ignore_errors = pipeline->ignore_errors;
    within.when = pipeline->when;
    if (!pipeline->environment.empty() || !pipeline->secrets.empty()) {
      within.inherits = around.inherits == nullptr ? pipeline : joined(*around.inherits, *pipeline);
    }
    return within;
  }

  static std::string both_conditions(const std::string& outer, const std::string& inner) {
    if (outer.empty() || inner.empty()) {
      return outer.empty() ? inner : outer;
    }
    return fmt::format("({}) and ({})", outer, inner);
  }

  /// The inner pipeline with what it has from the outer one.
  static TaskPointer joined(const Task& outer, const Task& inner) {
    auto both = std::make_shared<Task>(inner);
    for (const EnvironmentVariable& variable : outer.environment) {
      if (std::ranges::find(inner.environment, variable.key, &EnvironmentVariable::key) == inner.environment.end()) {
        both->environment.push_back(variable);
      }
    }
    for (const SecretReference& secret : outer.secrets) {
      const auto same = [&](const SecretReference& other) {
        return other.inject_as == secret.inject_as && other.inject_as_file == secret.inject_as_file &&
               other.inject_prefix == secret.inject_prefix;
      };
      if (std::ranges::none_of(inner.secrets, same)) {
        both->secrets.push_back(secret);
      }
    }
    return both;
  }

  /// The task with what comes from around it: matrix values, conditions.
  TaskPointer bound_to(const TaskPointer& task, const Surroundings& around) {
    const bool plain = around.when.empty() && !around.ignore_errors;
    if (plain && !mentions(task)) {
      return task;
    }
    std::vector<std::string> unknown;
    const std::shared_ptr<Task> bound = bound_task(*task, around.bindings, unknown);
    bound->when = both_conditions(around.when, bound->when);
    bound->ignore_errors = bound->ignore_errors || around.ignore_errors;
    if (!unknown.empty()) {
      report_unbound(*task, unknown.front(), around.bindings);
    }
    return bound;
  }

  bool mentions(const TaskPointer& task) {
    const auto [found, added] = mentions_.try_emplace(task.get(), false);
    if (added) {
      found->second = mentions_matrix(*task);
    }
    return found->second;
  }

  void report_unbound(const Task& task, const std::string& axis, const std::vector<EnvironmentVariable>& bindings) {
    std::vector<std::string> axes;
    for (const EnvironmentVariable& binding : bindings) {
      axes.push_back(binding.key);
    }
    report(task,
           fmt::format("`${{matrix.{}}}` in the task `{}` stands for nothing: it has {}",
                       axis,
                       task.name.text(),
                       axes.empty() ? "no `matrix`" : "the axes " + all_of(axes)),
           did_you_mean(axis, axes));
  }

  void report(const Task& task, std::string message, std::string hint = {}) {
    Diagnostic problem{.message = std::move(message), .where = {}, .hint = std::move(hint)};
    if (task.where.source != nullptr) {
      problem.where = span_of(task.where);
    }
    if (std::ranges::find(problems_, problem) == problems_.end()) {
      problems_.push_back(std::move(problem));
    }
  }

  const Project& project_;
  Directory directory_;
  WaitNet net_;
  std::unordered_map<std::string, NetNode> gates_;
  std::deque<Unit> units_;
  std::unordered_map<const Task*, bool> mentions_;
  std::vector<Diagnostic> problems_;
};

}  // namespace

std::optional<StepIndex> TaskGraph::find(const StepName& name) const {
  const auto found = std::ranges::find(steps, name, &Step::name);
  return found == steps.end() ? std::nullopt : std::optional(static_cast<StepIndex>(found - steps.begin()));
}

TaskGraph make_task_graph(const Project& project, const std::vector<TaskName>& targets) {
  return GraphMaker(project).make(targets);
}

}  // namespace ame
