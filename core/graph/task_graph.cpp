// SPDX-License-Identifier: Apache-2.0
#include "core/graph/task_graph.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/graph/bound_task.hpp"
#include "core/graph/matrix.hpp"
#include "core/graph/unit_directory.hpp"
#include "core/graph/wait_net.hpp"
#include "core/text.hpp"

namespace ame {

namespace {

constexpr std::size_t most_steps = 500'000;

using TaskPointer = std::shared_ptr<const Task>;

/// The items of a pipeline and the gates behind them.
struct Scope {
  const Scope* outer = nullptr;
  std::unordered_map<std::string_view, NetNode> by_name;
  std::vector<std::pair<TaskPointer, NetNode>> items;

  /// Places in `items`: of the task itself, and of whatever refers to a task of that name.
  std::unordered_map<const Task*, std::vector<std::size_t>> by_task;
  std::unordered_map<std::string_view, std::vector<std::size_t>> by_reference;

  void add(const TaskPointer& item, NetNode gate) {
    by_name.try_emplace(item->name.text(), gate);
    by_task[item.get()].push_back(items.size());
    if (!item->refers_to.empty()) {
      by_reference[item->refers_to.text()].push_back(items.size());
    }
    items.emplace_back(item, gate);
  }

  /// The gates of the items that are the task, in their order.
  [[nodiscard]] std::vector<NetNode> gates_of(const TaskDependency& dependency, const Task& task) const {
    std::vector<std::size_t> places;
    if (const auto found = by_task.find(&task); found != by_task.end()) {
      places = found->second;
    }
    if (const auto found = by_reference.find(dependency.name.text()); found != by_reference.end()) {
      std::ranges::copy_if(found->second, std::back_inserter(places), [&](std::size_t place) {
        return items[place].first->project == dependency.project && items[place].first.get() != &task;
      });
      std::ranges::sort(places);
    }
    std::vector<NetNode> gates;
    for (const std::size_t place : places) {
      gates.push_back(items[place].second);
    }
    return gates;
  }
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
      if (Unit* unit = directory_.own_task(target)) {
        node_of(*unit);
      }
    }
    return finish();
  }

  TaskGraph make(const std::vector<DataSetReference>& data_sets) {
    for (const DataSetReference& data_set : data_sets) {
      if (Unit* unit = directory_.producer(data_set)) {
        node_of(*unit);
      }
    }
    return finish();
  }

 private:
  TaskGraph finish() {
    // A unit is put down when it is first named and taken up here, so that long chains need no stack.
    for (std::size_t index = 0; index < units_.size(); ++index) {
      const Unit& unit = *units_[index];
      at_ = unit.task.get();
      expand({unit.task, unit.name, *unit.node, std::nullopt}, {.produces = unit.produces});
    }
    if (!problems_.empty()) {
      throw Error(ExitCode::bad_project, std::move(problems_));
    }
    return {.project = project_.name, .steps = net_.take_steps()};
  }

  /// A task at one place of the graph.
  struct Place {
    const TaskPointer& task;
    const std::string& name;
    NetNode node = 0;              ///< done when all of it is done
    std::optional<NetNode> after;  ///< none: it may start at once
  };

  NetNode node_of(Unit& unit) {
    if (!unit.node) {
      unit.node = net_.add_gate();
      units_.push_back(&unit);
    }
    return *unit.node;
  }

  void expand(const Place& place, const Surroundings& around) {
    if (is_too_large_) {
      return;  // pipelines in pipelines can stand for more steps than there is time to count
    }
    const Task& task = *place.task;
    const bool one_step =
        task.matrix.axes.empty() && task.matrix.include.empty() && std::holds_alternative<Executor>(task.work);
    if (one_step) {
      wait_for_needs(place.node, task, around);
      expand_instance(place, around);
      return;
    }
    Place begun = place;
    if (!task.depends_on.empty() || !task.data_sets.empty()) {
      begun.after = net_.add_gate();
      if (place.after) {
        net_.wait(*begun.after, {*place.after});
      }
      wait_for_needs(*begun.after, task, around);
    }
    if (task.matrix == Matrix{}) {
      expand_instance(begun, around);
    } else {
      expand_matrix(begun, around);
    }
  }

  void expand_matrix(const Place& place, const Surroundings& around) {
    const Task& task = *place.task;
    const auto instances = matrix_instances(task.matrix, most_steps);
    if (!instances || instances->empty()) {
      report(task,
             instances ? fmt::format("the matrix of `{}` leaves no combination", task.name.text())
                       : fmt::format("the matrix of `{}` has more than {} combinations", task.name.text(), most_steps));
      return;
    }
    auto body = std::make_shared<Task>(task);
    body->matrix = {};
    const TaskPointer shared_body = std::move(body);
    for (const MatrixInstance& instance : *instances) {
      Surroundings within = around;
      within.bindings.insert(within.bindings.end(), instance.values.begin(), instance.values.end());
      const NetNode node = net_.add_gate();
      net_.wait(place.node, {node});
      expand_instance({shared_body, place.name + "@" + instance.label, node, place.after}, within);
    }
  }

  /// What the task waits for because it says so.
  void wait_for_needs(NetNode node, const Task& task, const Surroundings& around) {
    for (const TaskDependency& dependency : task.depends_on) {
      wait_for_dependency(node, dependency, around);
    }
    for (const DataSetReference& data_set : task.data_sets) {
      if (Unit* producer = directory_.producer(data_set)) {
        net_.wait(node, {node_of(*producer)});
      }
    }
  }

  void wait_for_dependency(NetNode node, const TaskDependency& dependency, const Surroundings& around) {
    if (dependency.project.empty()) {
      const auto found = around.scope->by_name.find(dependency.name.text());
      if (found != around.scope->by_name.end()) {
        net_.wait(node, {found->second, &dependency});
      }
      return;
    }
    Unit* unit = directory_.task(dependency);
    if (unit != nullptr && !waits_for_items(node, dependency, *unit->task, around)) {
      net_.wait(node, {node_of(*unit), &dependency});
    }
  }

  /// In a pipeline, a dependency on a task is met by the nearest steps that are this task.
  bool waits_for_items(NetNode node, const TaskDependency& dependency, const Task& task, const Surroundings& around) {
    for (const Scope* scope = around.scope; scope != nullptr; scope = scope->outer) {
      const std::vector<NetNode> gates = scope->gates_of(dependency, task);
      for (const NetNode gate : gates) {
        net_.wait(node, {gate, &dependency});
      }
      if (!gates.empty()) {
        return true;
      }
    }
    return false;
  }

  void expand_instance(const Place& place, const Surroundings& around) {
    const TaskPointer bound = bound_to(place.task, around);
    if (std::holds_alternative<Pipeline>(bound->work)) {
      expand_pipeline({bound, place.name, place.node, place.after}, around);
      return;
    }
    if (net_.steps() >= most_steps) {
      is_too_large_ = true;
      report(*at_, fmt::format("`{}` stands for more than {} steps", at_->name.text(), most_steps));
      return;
    }
    net_.put_step(place.node,
                  {.name = StepName(place.name),
                   .task = bound,
                   .needs = {},
                   .bindings = around.bindings,
                   .inherits = around.inherits,
                   .produces = around.produces});
    if (place.after) {
      net_.wait(place.node, {*place.after});
    }
  }

  void expand_pipeline(const Place& place, const Surroundings& around) {
    const auto& pipeline = std::get<Pipeline>(place.task->work);
    Scope scope{.outer = around.scope, .by_name = {}, .items = {}, .by_task = {}, .by_reference = {}};
    for (const Stage& stage : pipeline.stages) {
      for (const Chain& chain : stage) {
        for (const TaskPointer& item : chain) {
          scope.add(item, net_.add_gate());
        }
      }
    }
    const Surroundings within = surroundings_in(place.task, around, scope);
    auto next = scope.items.begin();
    std::optional<NetNode> before = place.after;
    for (const Stage& stage : pipeline.stages) {
      const bool last = &stage == &pipeline.stages.back();
      const NetNode end = last ? place.node : net_.add_gate();
      for (const Chain& chain : stage) {
        std::optional<NetNode> at = before;
        for (const TaskPointer& item : chain) {
          expand({item, place.name + "/" + item->name.text(), next->second, at}, within);
          at = (next++)->second;
        }
        if (at) {
          net_.wait(end, {*at});
        }
      }
      before = end;
    }
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
    if (plain && !mentions_matrix(*task)) {
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
  UnitDirectory directory_;
  WaitNet net_;
  std::vector<Unit*> units_;
  std::vector<Diagnostic> problems_;
  const Task* at_ = nullptr;  ///< what is being expanded, with all that stands in it
  bool is_too_large_ = false;
};

}  // namespace

std::optional<StepIndex> TaskGraph::find(const StepName& name) const {
  const auto found = std::ranges::find(steps, name, &Step::name);
  return found == steps.end() ? std::nullopt : std::optional(static_cast<StepIndex>(found - steps.begin()));
}

TaskGraph make_task_graph(const Project& project, const std::vector<TaskName>& targets) {
  return GraphMaker(project).make(targets);
}

TaskGraph make_data_set_graph(const Project& project, const std::vector<DataSetReference>& data_sets) {
  return GraphMaker(project).make(data_sets);
}

}  // namespace ame
