// SPDX-License-Identifier: Apache-2.0
#include "executors/poetry.hpp"

#include <utility>

#include <fmt/format.h>

#include "core/formats/parse.hpp"
#include "executors/agreed_python.hpp"
#include "executors/local_package.hpp"
#include "executors/poetry_pins.hpp"
#include "executors/poetry_plugins.hpp"
#include "executors/project_folder.hpp"
#include "executors/virtual_environment.hpp"

namespace ame::executors {

namespace fs = std::filesystem;

namespace {

/// What becomes of the project's own package.
enum class RootPackage {
  none,       ///< `package-mode = false`: Poetry itself leaves it out
  absent,     ///< none is there to be installed, and Poetry would fail over it
  installed,  ///< editable
};

std::string module_name(std::string_view project_name) {
  std::string name;
  for (const char letter : project_name) {
    const bool joint = letter == '-' || letter == '.' || letter == '_';
    if (!joint || !name.ends_with('_')) {
      name += joint ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    }
  }
  return name;
}

RootPackage root_package(const ProjectFolder& folder, const Node& pyproject) {
  if (text_at(pyproject, {"tool", "poetry", "package-mode"}) == "false") {
    return RootPackage::none;
  }
  if (look_up(pyproject, {"tool", "poetry", "packages"}) != nullptr) {
    return RootPackage::installed;
  }
  std::string name = text_at(pyproject, {"tool", "poetry", "name"});
  name = module_name(name.empty() ? text_at(pyproject, {"project", "name"}) : name);
  if (name.empty()) {
    return RootPackage::absent;
  }
  for (const fs::path& place : {fs::path(), fs::path("src")}) {
    const bool is_package = folder.files().status(folder.absolute(place / name)).kind == FileKind::directory;
    if (is_package || folder.has(place / (name + ".py"))) {
      return RootPackage::installed;
    }
  }
  return RootPackage::absent;
}

/// Packages of this machine that poetry.lock names, as inputs. Adds nothing for a lock that names none: the usual case
/// costs one search.
void add_local_packages(const ProjectFolder& folder,
                        const std::shared_ptr<const SourceText>& source,
                        EnvironmentPlan& environment) {
  if (source->text.find("type = \"directory\"") == std::string::npos &&
      source->text.find("type = \"file\"") == std::string::npos) {
    return;
  }
  const Document lock = parse_toml(source);
  const Node* const packages = look_up(lock.root(), {"package"});
  for (const Node& package : packages == nullptr ? std::span<const Node>() : packages->items) {
    const std::string type = text_at(package, {"source", "type"});
    if (type != "directory" && type != "file") {
      continue;
    }
    const fs::path path = text_at(package, {"source", "url"});
    const bool editable = text_at(package, {"develop"}) == "true";
    environment.bound_to_project = environment.bound_to_project || editable;
    for (const fs::path& file : files_of_package(
             folder.files(), folder.absolute(path), editable ? PackageUse::editable : PackageUse::copied)) {
      environment.inputs.push_back(folder.input(file.empty() ? path : path / file));
    }
  }
}

InstallStep poetry_install(const ProjectFolder& folder, const Poetry& settings, RootPackage root) {
  InstallStep install{.label = "installing from poetry.lock",
                      .argv = {placeholder::tool, "install", "--no-interaction", "--no-ansi"},
                      .environment = poetry_in_active_environment(),
                      .directory = folder.placed()};
  install.environment.insert(install.environment.begin(), {.key = "VIRTUAL_ENV", .value = placeholder::environment});
  if (root == RootPackage::absent) {
    install.argv.emplace_back("--no-root");
  }
  for (const std::string& group : settings.groups) {
    install.argv.push_back("--with=" + group);
  }
  for (const std::string& extra : settings.extras) {
    install.argv.push_back("--extras=" + extra);
  }
  const std::string again = "run `poetry lock`, look at what changed, and commit the new lock file";
  install.known_failures = {
      {.output_has = "changed significantly since poetry.lock was last generated",
       .message = "`poetry.lock` is out of date: `pyproject.toml` has changed since it was made",
       .hint = again},
      {.output_has = "is not up to date with pyproject.toml",
       .message = "`poetry.lock` is out of date: `pyproject.toml` has changed since it was made",
       .hint = again},
      {.output_has = "lock file is not compatible",
       .message = "this version of Poetry cannot read `poetry.lock`",
       .hint = "set `toolVersion` to the version that made it: the first line of the lock file names it"},
      {.output_has = "Expecting value: line 1 column 1",
       .message = "the package index does not speak the JSON that Poetry wants of it",
       .hint = "a lock file made by Poetry 2 needs no Poetry to be installed: leave `toolVersion` out"},
      {.output_has = "No file/folder found for package",
       .message = "`pyproject.toml` says that this project is a package, and there is none",
       .hint = "write `package-mode = false` under `[tool.poetry]`"},
  };
  return install;
}

EnvironmentPlan poetry_environment(const ProjectFolder& folder, const Document& pyproject) {
  const Executor& executor = executor_of(folder.step());
  const auto& settings = std::get<Poetry>(executor.kind);
  const Node& root = pyproject.root();
  const PythonRequest python =
      or_else(agreed_python({python_of_task(folder.step()),
                             python_of_file(pyproject, look_up(root, {"tool", "poetry", "dependencies", "python"})),
                             python_of_file(pyproject, look_up(root, {"project", "requires-python"}))}),
              pinned_python(folder));
  EnvironmentPlan environment = virtual_environment("poetry", python);
  environment.inputs = folder.inputs({"pyproject.toml", "poetry.lock", "poetry.toml"});
  const RootPackage package = root_package(folder, root);
  environment.bound_to_project = package == RootPackage::installed;
  const auto lock = folder.read("poetry.lock");
  add_local_packages(folder, lock, environment);
  environment.install = {make_virtual_environment()};
  PoetrySelection selection{.groups = settings.groups,
                            .extras = settings.extras,
                            .with_root = package == RootPackage::installed,
                            .index = {}};
  const bool is_private = lock->text.find("type = \"legacy\"") != std::string::npos;
  if (is_private) {
    selection.index = private_index(parse_toml(lock));
  }
  const bool has_plugins = has_plugins_with_a_say(root);
  const bool can_be_pinned_here = executor.tool_version.empty() && !has_plugins && can_be_pinned(lock->text);
  if (can_be_pinned_here && (!is_private || !selection.index.empty())) {
    environment.by_uv = pinned_install_by_uv(folder, selection);
  }
  if (can_be_pinned_here && !is_private) {
    const std::vector<InstallStep> by_pip = pinned_install(folder, selection);
    environment.install.insert(environment.install.end(), by_pip.begin(), by_pip.end());
  } else {
    environment.tool = ToolRequest{.name = "poetry", .version = executor.tool_version};
    environment.install.push_back(poetry_install(folder, settings, package));
  }
  if (has_plugins) {
    let_poetry_run(environment);
  }
  return environment;
}

}  // namespace

StepPlan PoetryExecutor::plan(const Step& step, const FileReader& files) const {
  const ProjectFolder folder(step, files, "pyproject.toml");
  folder.require({{.name = "pyproject.toml", .hint = "make it with `poetry init`"},
                  {.name = "poetry.lock", .hint = "make it with `poetry lock`"}});
  const Document pyproject = folder.read_toml("pyproject.toml");
  const Executor& executor = executor_of(step);
  const CommandText& command = command_of(executor);
  return {.environment = poetry_environment(folder, pyproject),
          .command = has_plugins_with_a_say(pyproject.root()) ? by_poetry_run(command) : command,
          .image = executor.image};
}

}  // namespace ame::executors
