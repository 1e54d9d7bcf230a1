// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <variant>

#include <catch2/catch.hpp>

#include "cli/render/origin_text.hpp"
#include "cli/render/task_text.hpp"
#include "core/error.hpp"
#include "core/run/wanted_resources.hpp"
#include "schema/load.hpp"
#include "schema/origins.hpp"
#include "tests/support/known_texts.hpp"
#include "tests/support/memory_file_system.hpp"

namespace ame {

namespace {

const schema::LoadOptions options{.shown_from = "/home/me/project"};
constexpr const char* path = "/home/me/project/ame.yml";

MemoryFileSystem holding(const std::string& text) {
  MemoryFileSystem files;
  files.add(path, text);
  return files;
}

/// Null where the text does not load.
std::optional<Project> loaded(const std::string& text) {
  try {
    return schema::load_project(holding(text), path, options).project;
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// An item of a list in YAML.
std::string as_item(const std::string& yaml) {
  std::istringstream lines(yaml);
  std::string item;
  for (std::string line; std::getline(lines, line);) {
    item += (item.empty() ? "  - " : "    ") + line + "\n";
  }
  return item;
}

/// The text with other tasks.
std::string with_tasks(const std::string& text, const std::string& tasks) {
  std::istringstream lines(text);
  std::string rest;
  bool is_in_tasks = false;
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line.front() != ' ' && line.front() != '-' && line.front() != '#') {
      is_in_tasks = line.starts_with("tasks:");
    }
    rest += is_in_tasks ? "" : line + "\n";
  }
  return rest + "tasks:\n" + tasks;
}

void check_same(const Task& found, const Task& wanted, const Resources& defaults);

void check_same(const Pipeline& found, const Pipeline& wanted, const Resources& defaults) {
  REQUIRE(found.stages.size() == wanted.stages.size());
  for (std::size_t stage = 0; stage < found.stages.size(); ++stage) {
    REQUIRE(found.stages[stage].size() == wanted.stages[stage].size());
    for (std::size_t chain = 0; chain < found.stages[stage].size(); ++chain) {
      REQUIRE(found.stages[stage][chain].size() == wanted.stages[stage][chain].size());
      for (std::size_t task = 0; task < found.stages[stage][chain].size(); ++task) {
        check_same(*found.stages[stage][chain][task], *wanted.stages[stage][chain][task], defaults);
      }
    }
  }
}

/// All of it, but for what a view puts in the place of words: what the task refers to, and the project's defaults.
void check_same(const Task& found, const Task& wanted, const Resources& defaults) {
  REQUIRE(found.work.index() == wanted.work.index());
  if (const auto* pipeline = std::get_if<Pipeline>(&wanted.work)) {
    check_same(std::get<Pipeline>(found.work), *pipeline, defaults);
  }
  const auto flat = [&defaults](Task task) {
    task.refers_to = {};
    if (std::holds_alternative<Pipeline>(task.work)) {
      task.work = Pipeline{};
    } else {
      task.resources = with_defaults(task.resources, defaults);
    }
    return task;
  };
  INFO("found " << cli::task_json(found) << "\nwanted " << cli::task_json(wanted));
  CHECK(flat(found) == flat(wanted));
}

template <class View>
std::size_t check_views(const std::string& text, View view) {
  const std::optional<Project> project = loaded(text);
  if (!project || text.find("\n---") != std::string::npos) {
    return 0;
  }
  std::string tasks;
  for (const auto& task : project->tasks) {
    tasks += as_item(view(*task));
  }
  if (tasks.empty()) {
    return 0;
  }
  const std::string shown = with_tasks(text, tasks);
  INFO(text << "\n=== shown as\n" << shown);
  const std::optional<Project> again = loaded(shown);
  REQUIRE(again);
  REQUIRE(again->tasks.size() == project->tasks.size());
  for (std::size_t number = 0; number < project->tasks.size(); ++number) {
    check_same(*again->tasks[number], *project->tasks[number], project->default_resources);
  }
  return project->tasks.size();
}

}  // namespace

TEST_CASE("a task as it is shown means what it meant", "[contract]") {
  std::size_t tasks = 0;
  for (const std::string& text : known_texts()) {
    tasks += check_views(text, [](const Task& task) { return cli::task_yaml(task); });
  }
  CHECK(tasks > 50);
}

TEST_CASE("a task as it is shown with origins means what it meant", "[contract]") {
  std::size_t tasks = 0;
  for (const std::string& text : known_texts()) {
    const MemoryFileSystem files = holding(text);
    tasks += check_views(text, [&files](const Task& task) {
      return cli::origin_yaml(schema::effective_task(files, path, options, task.name));
    });
  }
  CHECK(tasks > 50);
}

}  // namespace ame
