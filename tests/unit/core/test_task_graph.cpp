// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "core/error.hpp"
#include "core/graph/task_graph.hpp"

namespace ame {

namespace {

using TaskPointer = std::shared_ptr<const Task>;

Task echo(const std::string& name) {
  return {.name = TaskName(name),
          .work = Executor{.kind = Custom{}, .command = ShellCommand{"echo " + name}},
          .project = ProjectName("p")};
}

TaskPointer shared(Task task) {
  return std::make_shared<const Task>(std::move(task));
}

Task with_needs(Task task, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    task.depends_on.push_back({.name = TaskName(name), .project = ProjectName("p"), .where = {}});
  }
  return task;
}

Task with_item_needs(Task task, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    task.depends_on.push_back({.name = TaskName(name), .project = {}, .where = {}});
  }
  return task;
}

Task pipeline(const std::string& name, std::vector<Stage> stages) {
  Task task = echo(name);
  task.work = Pipeline{.stages = std::move(stages)};
  return task;
}

Project project_of(std::vector<TaskPointer> tasks) {
  return {.name = ProjectName("p"), .tasks = std::move(tasks)};
}

/// Each step with what it needs: "a; b <- a".
std::string drawn(const TaskGraph& graph) {
  std::string text;
  for (const Step& step : graph.steps) {
    text += (text.empty() ? "" : "; ") + step.name.text();
    for (const StepIndex needed : step.needs) {
      text += (needed == step.needs.front() ? " <- " : " ") + graph.steps.at(needed).name.text();
    }
  }
  return text;
}

std::string graph_of(const Project& project, const std::vector<std::string>& names) {
  std::vector<TaskName> targets;
  for (const std::string& name : names) {
    targets.emplace_back(name);
  }
  return drawn(make_task_graph(project, targets));
}

std::string mistake_in(const Project& project, const std::string& target) {
  try {
    return drawn(make_task_graph(project, {TaskName(target)}));
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::bad_project);
    std::string text;
    for (const Diagnostic& one : error.diagnostics()) {
      text += one.message + (one.hint.empty() ? "" : " (" + one.hint + ")") + "\n";
    }
    return text;
  }
}

}  // namespace

TEST_CASE("a graph holds the targets and what they depend on, each once and after what it needs") {
  const Project project = project_of({shared(with_needs(echo("d"), {"b", "c"})),
                                      shared(with_needs(echo("b"), {"a"})),
                                      shared(with_needs(echo("c"), {"a"})),
                                      shared(echo("a")),
                                      shared(echo("alone"))});
  CHECK(graph_of(project, {"d"}) == "a; b <- a; c <- a; d <- b c");
  CHECK(graph_of(project, {"alone"}) == "alone");
  CHECK(graph_of(project, {"b", "a"}) == "a; b <- a");
}

TEST_CASE("a pipeline's stages wait for each other, its chains do not") {
  const TaskPointer a = shared(echo("a"));
  const TaskPointer b = shared(echo("b"));
  const TaskPointer c = shared(echo("c"));
  const TaskPointer d = shared(echo("d"));
  const Project project = project_of({shared(pipeline("all", {{{a}}, {{b, c}, {d}}, {{shared(echo("e"))}}}))});
  CHECK(graph_of(project, {"all"}) == "all/a; all/b <- all/a; all/c <- all/b; all/d <- all/a; all/e <- all/c all/d");
}

TEST_CASE("a pipeline inside a pipeline has names inside names") {
  const TaskPointer inner = shared(pipeline("inner", {{{shared(echo("a"))}}, {{shared(echo("b"))}}}));
  const Project project = project_of({shared(pipeline("outer", {{{inner}}, {{shared(echo("c"))}}})), inner});
  CHECK(graph_of(project, {"outer"}) == "outer/inner/a; outer/inner/b <- outer/inner/a; outer/c <- outer/inner/b");
}

TEST_CASE("what depends on a pipeline waits for its last stage, and a pipeline's first stage for what it depends on") {
  const Project project =
      project_of({shared(with_needs(echo("after"), {"all"})),
                  shared(with_needs(pipeline("all", {{{shared(echo("x"))}}, {{shared(echo("y"))}}}), {"before"})),
                  shared(echo("before"))});
  CHECK(graph_of(project, {"after"}) == "before; all/x <- before; all/y <- all/x; after <- all/y");
}

TEST_CASE("items of one stage may depend on each other by name") {
  const Project project = project_of({shared(
      pipeline("all", {{{shared(with_item_needs(echo("b"), {"a"}))}, {shared(echo("a"))}, {shared(echo("c"))}}}))});
  CHECK(graph_of(project, {"all"}) == "all/a; all/b <- all/a; all/c");
}

TEST_CASE("in a pipeline, a dependency on a task is met by the step that is this task") {
  const TaskPointer prepare = shared(echo("prepare"));
  const TaskPointer train = shared(with_needs(echo("train"), {"prepare"}));
  Task renamed = *prepare;
  renamed.name = TaskName("mine");
  renamed.refers_to = TaskName("prepare");
  const Project project = project_of({prepare,
                                      train,
                                      shared(pipeline("both", {{{prepare}}, {{train}}})),
                                      shared(pipeline("renamed", {{{shared(renamed)}}, {{train}}})),
                                      shared(pipeline("one", {{{train}}})),
                                      shared(pipeline("wrong", {{{train}}, {{prepare}}}))});
  CHECK(graph_of(project, {"both"}) == "both/prepare; both/train <- both/prepare");
  CHECK(graph_of(project, {"renamed"}) == "renamed/mine; renamed/train <- renamed/mine");
  CHECK(graph_of(project, {"one"}) == "prepare; one/train <- prepare");
  CHECK(mistake_in(project, "wrong") ==
        "steps wait for each other in a circle: `wrong/prepare` -> `wrong/train` -> `wrong/prepare`\n");
}

TEST_CASE("a matrix becomes one step for each combination, in a stable order with stable names") {
  Task train = echo("train");
  train.work = Executor{.kind = Custom{}, .command = ShellCommand{"train ${matrix.lr} ${HOME} ${matrix.depth}"}};
  train.matrix = {.axes = {{"lr", {"0.1", "0.01"}}, {"depth", {"4", "8"}}},
                  .include = {{{{"depth", "16"}, {"lr", "1e-3"}}}, {{{"lr", "0.1"}, {"depth", "4"}}}},
                  .exclude = {{{{"lr", "0.01"}, {"depth", "8"}}}}};
  const Project project = project_of({shared(train), shared(with_needs(echo("best"), {"train"}))});
  CHECK(graph_of(project, {"best"}) ==
        "train@lr=0.1,depth=4; train@lr=0.1,depth=8; train@lr=0.01,depth=4; train@lr=1e-3,depth=16; "
        "best <- train@lr=0.1,depth=4 train@lr=0.1,depth=8 train@lr=0.01,depth=4 train@lr=1e-3,depth=16");
  const TaskGraph graph = make_task_graph(project, {TaskName("train")});
  const Step& step = graph.steps.at(1);
  CHECK(step.bindings == std::vector<EnvironmentVariable>{{"lr", "0.1"}, {"depth", "8"}});
  CHECK(std::get<Executor>(step.task->work).command == CommandText(ShellCommand{"train 0.1 ${HOME} 8"}));
}

TEST_CASE("values that no name can hold are written with underscores, and stay apart") {
  Task task = echo("t");
  task.matrix = {.axes = {{"v", {"a/b", "a b", "", std::string(100, 'x')}}}};
  CHECK(graph_of(project_of({shared(task)}), {"t"}) ==
        fmt::format("t@v=a_b; t@v=a_b-2; t@v=; t@v={}", std::string(40, 'x')));
}

TEST_CASE("a matrix of a pipeline reaches all of its steps") {
  Task item = echo("a");
  item.environment = {{"LR", "${matrix.lr}"}};
  Task all = pipeline("all", {{{shared(item)}}});
  all.matrix = {.axes = {{"lr", {"1", "2"}}}};
  const TaskGraph graph = make_task_graph(project_of({shared(all)}), {TaskName("all")});
  CHECK(drawn(graph) == "all@lr=1/a; all@lr=2/a");
  CHECK(graph.steps.at(1).task->environment == std::vector<EnvironmentVariable>{{"LR", "2"}});
}

TEST_CASE("a matrix value is one text to a condition, whatever it holds") {
  Task task = echo("t");
  task.matrix = {.axes = {{"v", {"it's so"}}}};
  task.when = "${matrix.v} != 'x' and 'say ${matrix.v}' == \"${matrix.v}\"";
  const TaskGraph graph = make_task_graph(project_of({shared(task)}), {TaskName("t")});
  CHECK(graph.steps.front().task->when == "'it''s so' != 'x' and 'say it''s so' == \"it's so\"");
}

TEST_CASE("mistakes that only a matrix can show are all told") {
  Task unbound = echo("t");
  unbound.environment = {{"A", "${matrix.lr}"}};
  Task misspelt = echo("u");
  misspelt.matrix = {.axes = {{"depth", {"1", "2"}}}};
  misspelt.environment = {{"A", "${matrix.dept}"}};
  Task empty = echo("v");
  empty.matrix = {.axes = {{"a", {"1"}}}, .exclude = {{{{"a", "1"}}}}};
  Task endless = echo("w");
  endless.matrix = {.axes = {{"a", std::vector<std::string>(1000, "1")}, {"b", std::vector<std::string>(1000, "1")}}};
  const Project project =
      project_of({shared(with_needs(unbound, {"u", "v", "w"})), shared(misspelt), shared(empty), shared(endless)});
  CHECK(mistake_in(project, "t") ==
        "`${matrix.lr}` in the task `t` stands for nothing: it has no `matrix`\n"
        "`${matrix.dept}` in the task `u` stands for nothing: it has the axes `depth` (did you mean `depth`?)\n"
        "the matrix of `v` leaves no combination\n"
        "the matrix of `w` has more than 500000 combinations\n");
}

TEST_CASE("environment, secrets, condition and tolerance of a pipeline reach its steps") {
  Task inner = pipeline("inner", {{{shared(echo("a"))}}});
  inner.environment = {{"A", "inner"}, {"B", "inner"}};
  inner.when = "${matrix.x} == 1";
  Task outer = pipeline("outer", {{{shared(inner)}}, {{shared(echo("b"))}}});
  outer.environment = {{"A", "outer"}, {"C", "outer"}};
  outer.secrets = {{.key = "k", .inject_as = "S"}};
  outer.when = "always";
  outer.ignore_errors = true;
  outer.matrix = {.axes = {{"x", {"1"}}}};
  const TaskGraph graph = make_task_graph(project_of({shared(outer)}), {TaskName("outer")});
  const Step& a = graph.steps.at(0);
  CHECK(a.name == StepName("outer@x=1/inner/a"));
  CHECK(a.inherits->environment == std::vector<EnvironmentVariable>{{"A", "inner"}, {"B", "inner"}, {"C", "outer"}});
  CHECK(a.inherits->secrets.size() == 1);
  CHECK(a.task->when == "(always) and ('1' == 1)");
  CHECK(a.task->ignore_errors);
  const Step& b = graph.steps.at(1);
  CHECK(b.inherits->environment == outer.environment);
  CHECK(b.task->when == "always");
}

TEST_CASE("the producer of a data set is a step before all of its consumers, once") {
  Task one = echo("one");
  one.data_sets = {{.name = "images", .project = ProjectName("p")}};
  Task two = echo("two");
  two.data_sets = {{.name = "images", .project = ProjectName("p")}, {.name = "far", .project = ProjectName("q")}};
  Project project = project_of({shared(one), shared(two)});
  project.data_sets = {{.name = "images", .project = ProjectName("p"), .task = shared(echo("fetch"))},
                       {.name = "far", .project = ProjectName("q"), .task = shared(echo("fetch"))}};
  CHECK(graph_of(project, {"one", "two"}) ==
        "data/images; one <- data/images; data/q.far; two <- data/images data/q.far");
  const TaskGraph graph = make_task_graph(project, {TaskName("one")});
  CHECK(graph.steps.front().produces == "images");
  CHECK(graph.find(StepName("one")) == StepIndex{1});
  CHECK_FALSE(graph.find(StepName("two")));
}

TEST_CASE("a dependency on another project's task is a step with the project in its name") {
  Task theirs = echo("build");
  theirs.project = ProjectName("q");
  Task mine = echo("mine");
  mine.depends_on = {{.name = TaskName("build"), .project = ProjectName("q"), .where = {}}};
  Project project = project_of({shared(mine)});
  project.other_tasks = {shared(theirs)};
  CHECK(graph_of(project, {"mine"}) == "q.build; mine <- q.build");
}

TEST_CASE("a chain of a hundred thousand tasks needs no stack") {
  constexpr int length = 100'000;
  std::vector<TaskPointer> tasks = {shared(echo("t0"))};
  for (int number = 1; number < length; ++number) {
    tasks.push_back(shared(with_needs(echo(fmt::format("t{}", number)), {fmt::format("t{}", number - 1)})));
  }
  const TaskGraph graph = make_task_graph(project_of(std::move(tasks)), {TaskName("t99999")});
  REQUIRE(graph.steps.size() == length);
  CHECK(graph.steps.front().name == StepName("t0"));
  CHECK(graph.steps.back().needs == std::vector<StepIndex>{length - 2});
}

TEST_CASE("pipelines that stand for more steps than anybody can count are refused, not counted") {
  TaskPointer task = shared(echo("t0"));
  for (int level = 1; level <= 40; ++level) {
    const Stage step = {{task}};
    task = shared(pipeline("t" + std::to_string(level), std::vector<Stage>(10, step)));
  }
  CHECK(mistake_in(project_of({task}), "t40") == "`t40` stands for more than 500000 steps\n");
}

TEST_CASE("two large stages in a row are refused before they take all memory") {
  Task left = echo("left");
  left.matrix = {.axes = {{"a", {}}}};
  for (int number = 0; number < 10'000; ++number) {
    left.matrix.axes.front().values.push_back(std::to_string(number));
  }
  Task right = left;
  right.name = TaskName("right");
  const Project project = project_of({shared(pipeline("all", {{{shared(left)}}, {{shared(right)}}}))});
  CHECK(mistake_in(project, "all") ==
        "the steps need each other in more than 20000000 ways (put a single step between two large groups that run in "
        "parallel)\n");
}

}  // namespace ame
