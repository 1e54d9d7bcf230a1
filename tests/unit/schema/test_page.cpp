// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "core/graph/task_graph.hpp"
#include "schema/format/known_slips.hpp"
#include "tests/unit/schema/schema_test.hpp"

namespace ame::schema {

namespace {

/// A YAML block of the page that the format comes from, in its order.
std::string block(int number) {
  std::ifstream stream(fmt::format("{}/tests/fixtures/page/block_{:02}.yml", AME_SOURCE_DIR, number));
  REQUIRE(stream);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::string repaired(int number) {
  return repair_known_slips({.file = "ame.yml", .text = block(number)}).text;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

/// Each step with what it needs: "a; b <- a".
std::string graph_of(const Project& project, const char* name) {
  const TaskGraph graph = make_task_graph(project, {TaskName(name)});
  std::string text;
  for (const Step& step : graph.steps) {
    text += (text.empty() ? "" : "; ") + step.name.text();
    for (const StepIndex needed : step.needs) {
      text += (needed == step.needs.front() ? " <- " : " ") + graph.steps.at(needed).name.text();
    }
  }
  return text;
}

constexpr const char* shared_templates = R"(
project: shared_templates
templates:
  - name: xgboost_resources
    resources: {storage: 1G, example.org/link: 1}
)";

}  // namespace

TEST_CASE("the tasks of the page load without a word") {
  for (const int number : {1, 2, 3, 4, 5, 6, 7, 13, 15, 16, 19, 22, 25}) {
    INFO(number);
    CHECK(LoadTest(block(number)).said().empty());
  }
}

TEST_CASE("each executor of the page is the one that its tag names") {
  const auto tag = [](int number) {
    return std::string(tag_of(std::get<Executor>(LoadTest(block(number)).task("train_my_model").work)));
  };
  CHECK(tag(4) == "poetry");
  CHECK(tag(5) == "pip");
  CHECK(tag(6) == "pipenv");
  CHECK(tag(7) == "mlflow");
  CHECK(tag(8) == "custom");
}

TEST_CASE("an executor without a task belongs to one") {
  for (const int number : {9, 10, 11, 12}) {
    INFO(number);
    CHECK(LoadTest(block(number)).said() == unindented(R"(
      ame.yml:1:5 error: unknown key `executor` in an `ame.yml`
        hint: `executor` belongs to a task: `tasks: [{name: …, executor: …}]`
    )"));
  }
}

TEST_CASE("a template of the page gives its task what the task leaves out, and not its name") {
  const Task task = LoadTest(block(13)).task("train_my_model");
  CHECK(std::string(tag_of(std::get<Executor>(task.work))) == "poetry");
  CHECK(task.resources.memory == Quantity::of_whole(10'000'000'000));
  CHECK(task.resources.gpu->vendor == "nvidia");
  REQUIRE(task.secrets.size() == 2);
  CHECK(task.secrets[1].vault == "company_vault");
}

TEST_CASE("two projects of the page in one block are told apart, and load as two files") {
  CHECK(LoadTest(block(14)).said() == unindented(R"(
    ame.yml:14:1 error: key `project` stands on line 2 and again on line 14
      ame.yml:2:1 first here
      hint: if these are two files joined into one, keep them in two files, or put a line `---` between them
  )"));
  const std::string text = block(14);
  const std::size_t second = text.find("# other project");
  REQUIRE(second != std::string::npos);
  const Task task =
      LoadTest(text.substr(0, second)).file("/home/me/shared/ame.yml", text.substr(second)).task("train_my_model");
  CHECK(task.resources.cpu == Quantity::of_whole(4));
  CHECK(task.secrets.size() == 2);
  CHECK(LoadTest(text.substr(0, second) + "---\n" + text.substr(second)).said().empty());
}

TEST_CASE("the artifacts of the page are kept as they say") {
  const Project paths = LoadTest(block(15)).project();
  CHECK(paths.name == ProjectName("artifact_example"));
  CHECK(paths.tasks.front()->artifacts == Artifacts{.paths = {{"path/to/artifact_dir"}}});
  CHECK(LoadTest(block(16)).task("artifact_task").artifacts == Artifacts{.save_changed_files = true});
}

TEST_CASE("the data set of the page comes from the project that it names") {
  CHECK(LoadTest(block(17)).said() == unindented(R"(
    ame.yml:9:17 error: there is no project `anotherproject`
      hint: looked in
      the same file: artifact_example
      `imports`: none
      ame-workspace.yml: none
      AME_PROJECT_PATH: none
      beside this project in /home/me: none
  )"));
  const Project project = LoadTest(block(17))
                              .file("/home/me/anotherproject/ame.yml",
                                    "dataSets:\n  - name: somedataset\n    path: data\n"
                                    "    task: {executor: !custom {command: make data}}\n")
                              .project();
  CHECK(graph_of(project, "artifact_task") ==
        "data/anotherproject.somedataset; artifact_task <- "
        "data/anotherproject.somedataset");
}

TEST_CASE("the shared template of the page needs its project") {
  for (const int number : {18, 20}) {
    INFO(number);
    CHECK(LoadTest(block(number)).said().find("error: there is no project `shared_templates`") != std::string::npos);
    const LoadTest test = LoadTest(block(number)).file("/home/me/shared_templates/ame.yml", shared_templates);
    const Project project = test.project();
    const Task train = *project.find_task(TaskName("train_my_model"));
    CHECK(train.resources.storage == Quantity::of_whole(30'000'000'000));
    CHECK(train.resources.extended.size() == 1);
    REQUIRE(project.models.size() == 1);
    CHECK(project.models.front().training->work == train.work);
  }
}

TEST_CASE("a task inside a model of the page is a whole task") {
  const Project project = LoadTest(block(19)).project();
  REQUIRE(project.models.size() == 1);
  CHECK(project.models.front().name == "product_recommendor");
  CHECK(project.models.front().training->name == TaskName("train_my_model"));
  CHECK(project.models.front().training->resources.cpu == Quantity::of_whole(4));
}

TEST_CASE("the schedule of the page has to be quoted, and belongs to one task") {
  CHECK(LoadTest(block(21)).said() == unindented(R"(
    ame.yml:9:17 error: `*****` without quotes is no text: `*` has a meaning of its own in YAML
      hint: quote it, five fields with spaces between, such as `"0 3 * * *"` for 3:00 each day:
            schedule: "* * * * *"
  )"));
  const Project project = LoadTest(replaced(block(21), "*****", "\"0 3 * * *\""))
                              .file("/home/me/shared_templates/ame.yml", shared_templates)
                              .project();
  CHECK(project.find_task(TaskName("train_my_model"))->triggers.schedule == "0 3 * * *");
  CHECK(project.find_task(TaskName("my_task"))->triggers == Triggers{});
}

TEST_CASE("the pipeline of the page is two steps in order, under either name") {
  const Project project = LoadTest(block(22)).project();
  CHECK(graph_of(project, "train_my_model") ==
        "train_my_model/preprocessing; train_my_model/training <- train_my_model/preprocessing");
  CHECK(graph_of(project, "other_task") == "other_task/preprocessing; other_task/training <- other_task/preprocessing");
}

TEST_CASE("the referenced pipeline of the page is two steps once its indentation is repaired") {
  CHECK(LoadTest(block(23)).said().find("ame.yml:11:7 error: `executor` is indented deeper than `name` on the line "
                                        "before; they must line up\n  hint: write:") == 0);
  CHECK(graph_of(LoadTest(repaired(23)).project(), "other_task") ==
        "other_task/preprocessing; other_task/training <- other_task/preprocessing");
}

TEST_CASE("the parallel pipeline of the page has a slip in its indentation, and then one in a name") {
  CHECK(LoadTest(block(24)).said().find("`executor` is indented deeper than `name`") != std::string::npos);
  CHECK(LoadTest(repaired(24)).said() == unindented(R"(
    ame.yml:9:20 error: there is no task `prepare_datast_two`
      hint: did you mean `prepare_dataset_two`?
  )"));
  const std::string corrected = replaced(repaired(24), "prepare_datast_two", "prepare_dataset_two");
  CHECK(graph_of(LoadTest(corrected).project(), "train_my_model") ==
        "train_my_model/prepare_dataset_one; train_my_model/prepare_dataset_two; "
        "train_my_model/training <- train_my_model/prepare_dataset_one train_my_model/prepare_dataset_two");
}

TEST_CASE("the variable of the page is set, and one that ame sets is refused") {
  CHECK(LoadTest(block(25)).task("train_my_model").environment ==
        std::vector<EnvironmentVariable>{{"SOME_VAR", "SOME_VAL"}});
  CHECK(LoadTest(replaced(block(25), "key: SOME_VAR", "key: MLFLOW_TRACKING_URI")).said() == unindented(R"(
    ame.yml:16:14 error: the variable `MLFLOW_TRACKING_URI` is set by ame and cannot be set here
      hint: take another name
  )"));
}

}  // namespace ame::schema
