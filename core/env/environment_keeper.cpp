// SPDX-License-Identifier: Apache-2.0
#include "core/env/environment_keeper.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/env/environment_record.hpp"
#include "core/env/fill_placeholders.hpp"
#include "core/env/known_pythons.hpp"
#include "core/env/known_tools.hpp"
#include "core/env/plan_file.hpp"
#include "core/env/python_places.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

/// Which tool in which version is behind it: for the record of a run.
std::string installed_by(const EnvironmentPlan& plan, const EnvironmentRecord& record) {
  const bool has_other_tool = !record.tool.empty() && !record.installer.starts_with(plan.tool->name + " ");
  return record.installer + (has_other_tool ? fmt::format(", {} {}", plan.tool->name, record.tool_version) : "");
}

ReadyEnvironment ready(const EnvironmentPlan& plan, const EnvironmentRecord& record, const PlaceholderValues& values) {
  ReadyEnvironment environment{.key = record.key,
                               .directory = values.environment,
                               .python = values.environment / "bin/python",
                               .variables = plan.variables,
                               .path_first = plan.path_first,
                               .installed_by = installed_by(plan, record),
                               .lease = nullptr};
  for (EnvironmentVariable& variable : environment.variables) {
    variable.value = fill_placeholders(variable.value, values);
  }
  for (std::string& directory : environment.path_first) {
    directory = fill_placeholders(directory, values);
  }
  return environment;
}

std::string shown_version(const std::string& constraint) {
  const std::size_t begin = std::min(constraint.find_first_of("0123456789"), constraint.size());
  const std::string version = constraint.substr(begin, constraint.find_first_not_of("0123456789.", begin) - begin);
  return version.empty() || version == "3" ? "3.12" : version;
}

}  // namespace

EnvironmentKeeper::EnvironmentKeeper(EnvironmentSettings settings, FileSystem& files, FileLocks& locks)
    : settings_(std::move(settings)),
      layout_(settings_.cache),
      files_(&files),
      leases_(layout_, files, locks) {}

std::variant<ReadyEnvironment, BuildNeeded> EnvironmentKeeper::find_or_request(const EnvironmentPlan& plan,
                                                                               const fs::path& project) {
  const std::optional<MeantEnvironment> meant = meant_environment(plan, project, settings_, *files_);
  if (!meant) {
    return request(provisional_key(plan, project), plan, project);
  }
  std::optional<ReadyEnvironment> environment = find(meant->key, plan, project);
  if (!environment) {
    return request(meant->key, plan, project);
  }
  return *std::move(environment);
}

std::optional<MeantEnvironment> meant_environment(const EnvironmentPlan& plan,
                                                  const fs::path& project,
                                                  const EnvironmentSettings& settings,
                                                  const FileReader& files) {
  const CacheLayout layout(settings.cache);
  const PythonConstraint wanted = constraint_of(plan.python);
  const KnownPythons::Sorted pythons =
      KnownPythons::load(files, layout.pythons()).sort(python_candidates(files, settings.caller));
  if (!pythons.unknown.empty()) {
    return std::nullopt;
  }
  const Interpreter* const interpreter = choose_interpreter(pythons.interpreters, wanted);
  if (interpreter == nullptr) {
    if (settings.install_python == InstallPython::never) {
      throw no_python_fits(plan.python, pythons.interpreters, settings.caller);
    }
    return std::nullopt;
  }
  BuildParts made_with{.python = *interpreter, .tool_version = {}};
  if (tool_counts(plan)) {
    const std::optional<std::string> version = expected_version(*plan.tool, layout, settings.caller, files);
    if (!version) {
      return std::nullopt;
    }
    made_with.tool_version = *version;
  }
  MeantEnvironment meant{.key = {}, .python = *interpreter, .parts = {}};
  meant.parts = key_parts(plan, project, made_with, settings.caller, files);
  meant.key = key_of(plan, meant.parts);
  return meant;
}

std::optional<ReadyEnvironment> EnvironmentKeeper::find(const std::string& key,
                                                        const EnvironmentPlan& plan,
                                                        const fs::path& project) {
  if (!find_complete(*files_, layout_, key, plan)) {
    return std::nullopt;
  }
  // Who prunes takes the record away and then looks for leases; so it is read again once there is one.
  std::shared_ptr<void> lease = settings_.process.empty() ? nullptr : leases_.take(key, settings_.process);
  const std::optional<EnvironmentRecord> record = find_complete(*files_, layout_, key, plan);
  if (!record) {
    return std::nullopt;
  }
  ReadyEnvironment environment = ready(plan,
                                       *record,
                                       {.environment = layout_.environment(key) / record->directory,
                                        .python = record->python,
                                        .tool = record->tool,
                                        .project = project,
                                        .uv = {}});
  environment.lease = std::move(lease);
  return environment;
}

BuildNeeded EnvironmentKeeper::request(const std::string& key, const EnvironmentPlan& plan, const fs::path& project) {
  const fs::path file = layout_.plan(key);
  files_->make_directories(file.parent_path());
  files_->write_atomically(file, to_json(WantedEnvironment{.plan = plan, .project = project}));
  CallerEnvironment environment = settings_.caller;
  if (settings_.install_python == InstallPython::when_missing) {
    environment["AME_INSTALL_PYTHON"] = "1";
  }
  return {.key = key,
          .request = {.argv = {settings_.program.string(), "internal", "build-environment", "--plan", file.string()},
                      .environment = as_strings(environment),
                      .directory = project}};
}

Error no_python_fits(const PythonRequest& wanted,
                     const std::vector<Interpreter>& found,
                     const CallerEnvironment& caller) {
  std::vector<Interpreter> sorted = found;
  std::sort(sorted.begin(), sorted.end(), [](const Interpreter& one, const Interpreter& other) {
    return one.version > other.version;
  });
  const std::string version = shown_version(wanted.constraint);
  std::string hint = fmt::format(
      "get one with `--install-python`, `uv python install {0}`, `pyenv install {0}` or the system's packages",
      version);
  hint += found.empty() ? "\nfound none" : "\nfound:";
  for (const Interpreter& interpreter : sorted) {
    hint +=
        fmt::format("\n  {:<8}{} ({})", interpreter.version.text(), interpreter.program.string(), interpreter.origin);
  }
  hint += fmt::format("\nlooked in {}", fmt::join(python_places(caller), ", "));
  Diagnostic diagnostic{
      .message =
          wanted.constraint.empty()
              ? "this machine has no Python"
              : fmt::format("this machine has no Python `{}`, which {} asks for", wanted.constraint, wanted.source),
      .hint = std::move(hint)};
  if (wanted.where.source) {
    diagnostic.where = span_of(wanted.where);
  }
  return {ExitCode::machine, std::move(diagnostic)};
}

}  // namespace ame
