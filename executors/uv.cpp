// SPDX-License-Identifier: Apache-2.0
#include "executors/uv.hpp"

#include "core/formats/parse.hpp"
#include "executors/agreed_python.hpp"
#include "executors/local_package.hpp"
#include "executors/project_folder.hpp"
#include "executors/virtual_environment.hpp"

namespace ame::executors {

namespace fs = std::filesystem;

namespace {

/// Packages of this machine that uv.lock names. The usual case costs one search.
void add_local_packages(const ProjectFolder& folder, EnvironmentPlan& environment) {
  const auto source = folder.read("uv.lock");
  const bool has_local = source->text.find("{ editable = ") != std::string::npos ||
                         source->text.find("{ directory = ") != std::string::npos ||
                         source->text.find("{ path = ") != std::string::npos;
  if (!has_local) {
    return;
  }
  const Document lock = parse_toml(source);
  const Node* const packages = look_up(lock.root(), {"package"});
  for (const Node& package : packages == nullptr ? std::span<const Node>() : packages->items) {
    const std::string editable = text_at(package, {"source", "editable"});
    std::string copied = text_at(package, {"source", "directory"});
    copied += text_at(package, {"source", "path"});
    if (editable.empty() && copied.empty()) {
      continue;
    }
    environment.bound_to_project = environment.bound_to_project || !editable.empty();
    const fs::path path = editable.empty() ? copied : editable;
    for (const fs::path& file : files_of_package(
             folder.files(), folder.absolute(path), editable.empty() ? PackageUse::copied : PackageUse::editable)) {
      environment.inputs.push_back(folder.input(file.empty() ? path : path / file));
    }
  }
}

InstallStep uv_sync(const ProjectFolder& folder, const Uv& settings) {
  std::vector<std::string> argv = {placeholder::tool, "sync", "--locked", "--no-progress"};
  for (const std::string& group : settings.groups) {
    argv.push_back("--group=" + group);
  }
  for (const std::string& extra : settings.extras) {
    argv.push_back("--extra=" + extra);
  }
  return {.label = "installing from uv.lock",
          .argv = std::move(argv),
          .environment = {{.key = "UV_PROJECT_ENVIRONMENT", .value = placeholder::environment},
                          {.key = "UV_PYTHON", .value = placeholder::python},
                          {.key = "UV_PYTHON_DOWNLOADS", .value = "never"}},
          .directory = folder.placed(),
          .known_failures = {{.output_has = "Failed to parse `uv.lock`",
                              .message = "this version of uv cannot read `uv.lock`",
                              .hint = "set `toolVersion` to the version that made it, or run `uv lock`"},
                             {.output_has = "uses an unsupported schema version",
                              .message = "this version of uv cannot read `uv.lock`",
                              .hint = "set `toolVersion` to the version that made it, or run `uv lock`"},
                             {.output_has = "needs to be updated, but `--locked` was provided",
                              .message = "`uv.lock` is out of date: `pyproject.toml` has changed since it was made",
                              .hint = "run `uv lock`, look at what changed, and commit the new lock file"},
                             {.output_has = "Hash mismatch for",
                              .message = "a package does not have the hash that the project has written down",
                              .hint = "the package has changed since, or is not what it says it is"}}};
}

}  // namespace

StepPlan UvExecutor::plan(const Step& step, const FileReader& files) const {
  const ProjectFolder folder(step, files, "pyproject.toml");
  folder.require({{.name = "pyproject.toml", .hint = "make it with `uv init`"},
                  {.name = "uv.lock", .hint = "make it with `uv lock`"}});
  const Document pyproject = folder.read_toml("pyproject.toml");
  const Executor& executor = executor_of(step);
  const PythonRequest python =
      agreed_python({python_of_task(step),
                     pinned_python(folder),
                     python_of_file(pyproject, look_up(pyproject.root(), {"project", "requires-python"}))});
  EnvironmentPlan environment = virtual_environment("uv", python);
  environment.tool = ToolRequest{.name = "uv", .version = executor.tool_version};
  environment.inputs = folder.inputs({"pyproject.toml", "uv.lock", "uv.toml", ".python-version"});
  add_local_packages(folder, environment);
  environment.install = {uv_sync(folder, std::get<Uv>(executor.kind))};
  return {.environment = std::move(environment), .command = command_of(executor), .image = executor.image};
}

}  // namespace ame::executors
