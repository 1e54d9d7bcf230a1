// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/detect_project.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/formats/parse.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

namespace fs = std::filesystem;

struct Sign {
  const char* file;
  const char* executor;
};

/// The surest first: a lock file says more than what it was made from.
constexpr std::array<Sign, 6> signs = {{{"uv.lock", "uv"},
                                        {"poetry.lock", "poetry"},
                                        {"Pipfile.lock", "pipenv"},
                                        {"MLproject", "mlflow"},
                                        {"requirements.txt", "pip"},
                                        {"", "custom"}}};

/// Scripts that are there to be run, in the order in which they usually are.
constexpr std::array<std::string_view, 8> usual_scripts = {
    "prepare_data.py", "prepare.py", "preprocess.py", "train.py", "evaluate.py", "predict.py", "main.py", "run.py"};

/// Python files that are no scripts, whatever they hold.
constexpr std::array<std::string_view, 5> no_scripts = {
    "setup.py", "conftest.py", "noxfile.py", "manage.py", "wsgi.py"};

constexpr std::size_t most_tasks = 8;

std::string name_from(const std::string& text, const std::string& otherwise) {
  std::string name;
  for (const char character : text) {
    const bool fits = std::isalnum(static_cast<unsigned char>(character)) != 0 || character == '_' || character == '-';
    name += fits ? character : '-';
  }
  while (name.starts_with('-')) {
    name.erase(0, 1);
  }
  while (name.ends_with('-')) {
    name.pop_back();
  }
  return name.empty() ? otherwise : name;
}

bool is_there(const FileReader& files, const fs::path& path) {
  return files.status(path).kind == FileKind::regular;
}

Sign sign_of(const FileReader& files, const fs::path& directory) {
  return *std::ranges::find_if(
      signs, [&](const Sign& sign) { return *sign.file == '\0' || is_there(files, directory / sign.file); });
}

bool is_script(const FileReader& files, const fs::path& path) {
  const std::string name = path.filename().string();
  if (!name.ends_with(".py") || name.starts_with("test_") || name.starts_with("_") ||
      std::ranges::count(no_scripts, name) != 0) {
    return false;
  }
  if (std::ranges::count(usual_scripts, name) != 0) {
    return true;
  }
  constexpr std::uint64_t readable_size = 1U << 20U;
  const bool is_readable = files.status(path).size <= readable_size;
  const std::string text = is_readable ? files.read(path).value_or("") : "";
  return text.find("__name__") != std::string::npos && text.find("__main__") != std::string::npos;
}

std::size_t usual_place(const fs::path& script) {
  const auto found = std::ranges::find(usual_scripts, script.filename().string());
  return static_cast<std::size_t>(found - usual_scripts.begin());
}

/// Relative to the directory: first those in it, else those in src/ and scripts/.
std::vector<fs::path> scripts_in(const FileReader& files, const fs::path& directory) {
  std::vector<fs::path> scripts;
  for (const char* const folder : {"", "src", "scripts"}) {
    for (const std::string& name : files.list(directory / folder)) {
      if (is_script(files, directory / folder / name)) {
        scripts.push_back(fs::path(folder) / name);
      }
    }
    if (!scripts.empty()) {
      break;
    }
  }
  std::ranges::stable_sort(scripts, {}, usual_place);
  return scripts;
}

std::vector<DetectedTask> tasks_of(const std::vector<fs::path>& scripts, const std::string& python) {
  std::vector<DetectedTask> tasks;
  for (const fs::path& script : scripts) {
    const std::string name = name_from(script.stem().string(), "script");
    const bool is_taken = std::ranges::count(tasks, name, &DetectedTask::name) != 0;
    if (!is_taken && tasks.size() < most_tasks) {
      tasks.push_back({.name = name, .entry_point = {}, .command = python + " " + shell_quoted(script.string())});
    }
  }
  return tasks;
}

bool can_start_alone(const Node& entry_point) {
  const Node* const parameters = entry_point.find("parameters");
  return parameters == nullptr || std::ranges::all_of(parameters->entries, [](const Entry& parameter) {
           return parameter.value.kind == NodeKind::mapping && parameter.value.find("default") != nullptr;
         });
}

/// The entry points of an MLproject that need no parameters; none where the file is not what it seems.
std::vector<DetectedTask> entry_points_in(const FileReader& files, const fs::path& file) {
  std::vector<DetectedTask> tasks;
  try {
    const Document document =
        parse_yaml(std::make_shared<SourceText>(SourceText{file.string(), files.read(file).value_or("")}));
    const Node* const points = document.root().find("entry_points");
    for (const Entry& point : points == nullptr ? std::span<const Entry>() : points->entries) {
      if (can_start_alone(point.value)) {
        const std::string name(point.key.scalar);
        tasks.push_back({.name = name_from(name, "main"), .entry_point = name, .command = {}});
      }
    }
  } catch (const Error&) {
    tasks.clear();  // `ame task run` will say what is wrong with it, with its place
  }
  return tasks;
}

std::string remark_for(const FileReader& files, const fs::path& directory, const std::string& executor) {
  if (executor != "custom" && executor != "pip") {
    return {};
  }
  const std::string toml = files.read(directory / "pyproject.toml").value_or("");
  if (toml.find("[tool.poetry") != std::string::npos) {
    return "pyproject.toml has no lock file yet: `poetry lock` makes one, then use `!poetry`";
  }
  if (is_there(files, directory / "Pipfile")) {
    return "Pipfile has no lock file yet: `pipenv lock` makes one, then use `!pipenv`";
  }
  if (toml.find("[project]") != std::string::npos) {
    return "pyproject.toml has no lock file yet: `uv lock` makes one, then use `!uv`";
  }
  return {};
}

}  // namespace

DetectedProject detect_project(const FileReader& files, const fs::path& directory) {
  const Sign sign = sign_of(files, directory);
  DetectedProject project{.name = name_from(directory.filename().string(), "project"),
                          .executor = sign.executor,
                          .because = sign.file,
                          .tasks = {},
                          .remark = remark_for(files, directory, sign.executor)};
  const bool is_python = project.executor != "custom";
  if (project.executor == "mlflow") {
    project.tasks = entry_points_in(files, directory / sign.file);
  } else {
    project.tasks = tasks_of(scripts_in(files, directory), is_python ? "python" : "python3");
  }
  if (project.tasks.empty()) {
    project.tasks.push_back(
        {.name = "hello", .entry_point = {}, .command = is_python ? "python --version" : "echo hello"});
  }
  return project;
}

std::string project_file_text(const DetectedProject& project) {
  std::string text = fmt::format(
      "# What can be run here: `ame task run -l NAME` runs one, `ame task list` shows what ran.\n"
      "project: {}\n"
      "tasks:\n",
      project.name);
  for (const DetectedTask& task : project.tasks) {
    text += fmt::format("  - name: {}\n    executor: !{}\n", task.name, project.executor);
    text += task.entry_point.empty() ? "" : fmt::format("      entryPoint: {}\n", task.entry_point);
    text += task.command.empty() ? "" : fmt::format("      command: {}\n", task.command);
  }
  return text;
}

}  // namespace ame::cli
