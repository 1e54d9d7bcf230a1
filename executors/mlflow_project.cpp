// SPDX-License-Identifier: Apache-2.0
#include "executors/mlflow_project.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include <fmt/format.h>

#include "core/text.hpp"
#include "executors/agreed_python.hpp"
#include "executors/requirements.hpp"
#include "executors/shell_words.hpp"

namespace ame::executors {

namespace fs = std::filesystem;

namespace {

bool is_mlflow(const std::string& name) {
  return name == "mlflow" || name == "mlflow-skinny";
}

bool file_has_mlflow(const ProjectFolder& folder, const fs::path& file) {
  const auto source = folder.read(file);
  const std::vector<Requirement> lines = source ? parse_requirements(source->text) : std::vector<Requirement>();
  return std::any_of(lines.begin(), lines.end(), [](const Requirement& line) { return is_mlflow(line.name); });
}

/// Takes in the lines of a dependency list: each is a line of a requirements file.
class DependencyReader {
 public:
  DependencyReader(const ProjectFolder& folder, const Document& document, MlflowProject& project)
      : folder_(&folder),
        document_(&document),
        project_(&project) {}

  void take(const Node& node, std::vector<std::string>& arguments) {
    for (const Requirement& requirement : parse_requirements(node.scalar)) {
      if (requirement.kind == RequirementKind::package) {
        project_->has_mlflow = project_->has_mlflow || is_mlflow(requirement.name);
        arguments.push_back(requirement.text);
      } else {
        take_option(requirement, node, arguments);
      }
    }
  }

 private:
  void take_option(const Requirement& requirement, const Node& node, std::vector<std::string>& arguments) {
    const bool is_file =
        requirement.kind == RequirementKind::requirements || requirement.kind == RequirementKind::constraints;
    if (!is_file) {
      const auto words = shell_words(node.scalar);
      if (words) {
        arguments.insert(arguments.end(), words->begin(), words->end());
      }
      return;
    }
    if (!folder_->has(requirement.text)) {
      throw Error(ExitCode::bad_project,
                  Diagnostic{.message = fmt::format("`{}` is named here, and there is no such file", requirement.text),
                             .where = span_of(document_->place_of(node))});
    }
    RequirementFiles followed = follow_requirements(*folder_, requirement.text);
    project_->inputs.insert(project_->inputs.end(), followed.inputs.begin(), followed.inputs.end());
    project_->warnings.insert(project_->warnings.end(), followed.warnings.begin(), followed.warnings.end());
    project_->has_mlflow = project_->has_mlflow || file_has_mlflow(*folder_, requirement.text);
    arguments.insert(arguments.end(),
                     {requirement.kind == RequirementKind::requirements ? "-r" : "-c", requirement.text});
  }

  const ProjectFolder* folder_;
  const Document* document_;
  MlflowProject* project_;
};

std::span<const Node> items_at(const Node& node, std::string_view key) {
  const Node* const list = look_up(node, {key});
  return list == nullptr ? std::span<const Node>() : list->items;
}

void read_python_env(const ProjectFolder& folder, const std::string& file, MlflowProject& project) {
  const Document document = folder.read_yaml(file);
  project.inputs.push_back(folder.input(file));
  project.python.push_back(python_of_file(document, look_up(document.root(), {"python"})));
  DependencyReader reader(folder, document, project);
  for (const Node& item : items_at(document.root(), "build_dependencies")) {
    reader.take(item, project.build_dependencies);
  }
  for (const Node& item : items_at(document.root(), "dependencies")) {
    reader.take(item, project.dependencies);
  }
}

/// `python=3.11` means what `==3.11` means, `python=3.11.4=h7a1cb2a_0` too.
void take_conda_python(std::string_view text, const Place& where, MlflowProject& project) {
  const std::size_t begin = text.find_first_of("=<>!~ ");
  if (begin == std::string_view::npos) {
    return;
  }
  std::string constraint(text.substr(begin));
  if (const std::size_t build = constraint.find('=', constraint.find_first_of("0123456789"));
      build != std::string::npos) {
    constraint.resize(build);
  }
  constraint.erase(0, constraint.starts_with('=') && !constraint.starts_with("==") ? 1 : 0);
  project.python.push_back({.constraint = std::move(constraint),
                            .source = fmt::format("{}:{}", where.source->file, where.line),
                            .where = where});
}

void read_conda(const ProjectFolder& folder, const std::string& file, MlflowProject& project) {
  const Document document = folder.read_yaml(file);
  project.inputs.push_back(folder.input(file));
  DependencyReader reader(folder, document, project);
  for (const Node& item : items_at(document.root(), "dependencies")) {
    for (const Node& line : items_at(item, "pip")) {
      reader.take(line, project.dependencies);
    }
    const std::string name(item.scalar.substr(0, item.scalar.find_first_of("=<>!~ [")));
    if (name == "python") {
      take_conda_python(item.scalar, document.place_of(item), project);
    } else if (!name.empty() && name != "pip" && name != "setuptools" && name != "wheel") {
      project.conda_file = file;
      project.has_mlflow = project.has_mlflow || is_mlflow(name);
    }
  }
}

void require_file(const ProjectFolder& folder, const Document& mlproject, const Node& name) {
  if (!folder.has(name.scalar)) {
    throw Error(ExitCode::bad_project,
                Diagnostic{.message = fmt::format("`{}` is named here, and there is no such file", name.scalar),
                           .where = span_of(mlproject.place_of(name))});
  }
}

/// As mlflow chooses: what MLproject names, else python_env.yaml, else conda.yaml.
void read_environment(const ProjectFolder& folder, const Document& mlproject, MlflowProject& project) {
  const Node& root = mlproject.root();
  if (const Node* const docker = look_up(root, {"docker_env"})) {
    throw Error(ExitCode::bad_project,
                Diagnostic{.message = "`docker_env` asks for a container, which `!mlflow` does not start",
                           .where = span_of(mlproject.place_of(*docker)),
                           .hint = "write a python_env.yaml, or name the image with `image` on the executor"});
  }
  if (const Node* const python_env = look_up(root, {"python_env"})) {
    require_file(folder, mlproject, *python_env);
    read_python_env(folder, std::string(python_env->scalar), project);
  } else if (const Node* const conda_env = look_up(root, {"conda_env"})) {
    require_file(folder, mlproject, *conda_env);
    read_conda(folder, std::string(conda_env->scalar), project);
  } else if (folder.has("python_env.yaml")) {
    read_python_env(folder, "python_env.yaml", project);
  } else if (folder.has("conda.yaml")) {
    read_conda(folder, "conda.yaml", project);
  } else {
    project.warnings.push_back(
        about_executor(folder.step(),
                       "neither python_env.yaml nor conda.yaml is there: the environment has mlflow alone",
                       "write a python_env.yaml that lists what the project needs"));
    project.warnings.back().severity = Severity::warning;
    project.dependencies.emplace_back("mlflow");
    project.has_mlflow = true;
  }
}

}  // namespace

std::string find_mlproject(const ProjectFolder& folder) {
  constexpr std::string_view wanted = "mlproject";
  if (folder.has("MLproject")) {
    return "MLproject";
  }
  for (const std::string& name : folder.files().list(folder.absolute(""))) {
    const bool fits =
        std::equal(name.begin(), name.end(), wanted.begin(), wanted.end(), [](unsigned char one, unsigned char other) {
          return std::tolower(one) == other;
        });
    if (fits && folder.has(name)) {
      return name;
    }
  }
  return {};
}

MlflowProject read_mlflow_project(const ProjectFolder& folder, const std::string& mlproject) {
  MlflowProject project;
  const Document document = folder.read_yaml(mlproject.empty() ? "MLproject" : mlproject);
  if (!mlproject.empty()) {
    project.inputs.push_back(folder.input(mlproject));
    if (mlproject != "MLproject") {
      project.warnings.push_back(about_executor(folder.step(),
                                                fmt::format("`{}` is taken for `MLproject`", mlproject),
                                                "rename it: mlflow's own name for it is `MLproject`"));
      project.warnings.back().severity = Severity::warning;
    }
  }
  if (const Node* const points = look_up(document.root(), {"entry_points"})) {
    for (const Entry& point : points->entries) {
      project.entry_points.emplace_back(point.key.scalar);
    }
  }
  read_environment(folder, document, project);
  return project;
}

}  // namespace ame::executors
