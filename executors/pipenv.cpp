// SPDX-License-Identifier: Apache-2.0
#include "executors/pipenv.hpp"

#include <utility>

#include <fmt/format.h>

#include "core/text.hpp"
#include "executors/agreed_python.hpp"
#include "executors/dotenv.hpp"
#include "executors/local_package.hpp"
#include "executors/pipenv_pins.hpp"
#include "executors/project_folder.hpp"
#include "executors/shell_words.hpp"
#include "executors/virtual_environment.hpp"

namespace ame::executors {

namespace fs = std::filesystem;

namespace {

std::string first_word(std::string_view command) {
  const std::size_t begin = std::min(command.find_first_not_of(" \t\n"), command.size());
  return std::string(command.substr(begin, command.find_first_of(" \t\n;|&<>()", begin) - begin));
}

/// A script of the Pipfile as a shell reads it: its words as they are, only variables filled in, as pipenv does.
std::string script_for_shell(const Document& pipfile, const std::string& name, const Node& script) {
  std::string line(script.scalar);
  if (const std::string call = text_at(script, {"call"}); !call.empty()) {
    const std::size_t colon = std::min(call.find(':'), call.size());
    const std::string function = call.substr(std::min(colon + 1, call.size()));
    line = fmt::format(
        "python -c {}",
        shell_quoted(fmt::format(
            "import {0}; {0}.{1}{2}", call.substr(0, colon), function, function.ends_with(')') ? "" : "()")));
  }
  const auto words = shell_words(line);
  if (!words || words->empty()) {
    throw Error(ExitCode::bad_project,
                Diagnostic{.message = fmt::format("the script `{}` is no command", name),
                           .where = span_of(pipfile.place_of(script)),
                           .hint = "write a program and its arguments: `train = \"python train.py\"`"});
  }
  std::string text;
  for (const std::string& word : *words) {
    text += text.empty() ? "" : " ";
    text += quoted_but_variables(word);
  }
  return text;
}

/// `pipenv run` looks for the first word among the scripts of the Pipfile.
CommandText with_script(CommandText command, const Document& pipfile) {
  auto* const shell = std::get_if<ShellCommand>(&command);
  const std::string name = shell != nullptr ? first_word(shell->text) : std::get<ArgvCommand>(command).argv.front();
  const Node* const scripts = look_up(pipfile.root(), {"scripts"});
  const Node* const script = scripts == nullptr || name.empty() ? nullptr : look_up(*scripts, {name});
  if (script == nullptr) {
    return command;
  }
  std::string text = script_for_shell(pipfile, name, *script);
  if (shell != nullptr) {
    const std::size_t begin = shell->text.find(name);
    return ShellCommand{text + shell->text.substr(begin + name.size())};
  }
  const auto& argv = std::get<ArgvCommand>(command).argv;
  for (auto word = argv.begin() + 1; word != argv.end(); ++word) {
    text += " " + shell_quoted(*word);
  }
  return ShellCommand{text};
}

/// Local packages of `[packages]`, as inputs.
void add_local_packages(const ProjectFolder& folder, const Document& pipfile, EnvironmentPlan& environment) {
  const Node* const packages = look_up(pipfile.root(), {"packages"});
  if (packages == nullptr) {
    return;
  }
  for (const Entry& package : packages->entries) {
    std::string path = text_at(package.value, {"path"});
    path = path.empty() ? text_at(package.value, {"file"}) : path;
    if (path.empty() || path.find("://") != std::string::npos) {
      continue;
    }
    const bool editable = text_at(package.value, {"editable"}) == "true";
    environment.bound_to_project = environment.bound_to_project || editable;
    for (const fs::path& file : files_of_package(
             folder.files(), folder.absolute(path), editable ? PackageUse::editable : PackageUse::copied)) {
      environment.inputs.push_back(folder.input(file.empty() ? fs::path(path) : path / file));
    }
  }
}

InstallStep pipenv_step(const ProjectFolder& folder, std::string label, std::string verb) {
  return {.label = std::move(label),
          .argv = {placeholder::tool, std::move(verb)},
          .environment = {{.key = "VIRTUAL_ENV", .value = placeholder::environment},
                          {.key = "PIPENV_PIPFILE", .value = folder.placed("Pipfile")},
                          {.key = "PIPENV_VERBOSITY", .value = "-1"},
                          {.key = "PIPENV_NOSPIN", .value = "1"},
                          {.key = "PIPENV_YES", .value = "1"},
                          {.key = "PIPENV_DONT_LOAD_ENV", .value = "1"},
                          {.key = "NO_COLOR", .value = "1"}},
          .directory = folder.placed()};
}

EnvironmentPlan pipenv_environment(const ProjectFolder& folder, const Document& pipfile) {
  const Executor& executor = executor_of(folder.step());
  const Node* const requirements = look_up(pipfile.root(), {"requires"});
  std::vector<PythonRequest> stated = {python_of_task(folder.step())};
  for (const char* const key : {"python_full_version", "python_version"}) {
    stated.push_back(python_of_file(pipfile, requirements == nullptr ? nullptr : look_up(*requirements, {key})));
  }
  EnvironmentPlan environment = virtual_environment("pipenv", or_else(agreed_python(stated), pinned_python(folder)));
  environment.tool = ToolRequest{.name = "pipenv", .version = executor.tool_version};
  environment.variables.push_back({.key = "PIPENV_ACTIVE", .value = "1"});
  environment.inputs = folder.inputs({"Pipfile", "Pipfile.lock"});
  add_local_packages(folder, pipfile, environment);

  InstallStep verify = pipenv_step(folder, "checking Pipfile.lock", "verify");
  verify.known_failures = {{.output_has = "out-of-date",
                            .message = "`Pipfile.lock` is out of date: `Pipfile` has changed since it was made",
                            .hint = "run `pipenv lock`, look at what changed, and commit the new lock file"}};
  environment.install = {
      make_virtual_environment(), std::move(verify), pipenv_step(folder, "installing from Pipfile.lock", "sync")};
  if (executor.tool_version.empty()) {
    environment.by_uv = pipenv_install_by_uv(folder);
  }
  return environment;
}

void add_dotenv(const ProjectFolder& folder, StepPlan& plan) {
  const auto source = folder.has(".env") ? folder.read(".env") : nullptr;
  if (!source) {
    return;
  }
  DotenvFile file = parse_dotenv(source->text);
  plan.variables = std::move(file.variables);
  if (!file.unknown.empty()) {
    plan.warnings.push_back(
        {.severity = Severity::warning,
         .message = fmt::format("`{}` wants {}, which it does not set: left empty", source->file, all_of(file.unknown)),
         .hint = "variables of the machine do not reach the file; set it there, or under `env`"});
  }
}

}  // namespace

StepPlan PipenvExecutor::plan(const Step& step, const FileReader& files) const {
  const ProjectFolder folder(step, files, "Pipfile");
  folder.require({{.name = "Pipfile", .hint = "make it with `pipenv install`"},
                  {.name = "Pipfile.lock", .hint = "make it with `pipenv lock`"}});
  const Document pipfile = folder.read_toml("Pipfile");
  const Executor& executor = executor_of(step);
  StepPlan plan{.environment = pipenv_environment(folder, pipfile),
                .command = with_script(command_of(executor), pipfile),
                .image = executor.image};
  add_dotenv(folder, plan);
  return plan;
}

}  // namespace ame::executors
