// SPDX-License-Identifier: Apache-2.0
#include "core/env/build_environment.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "core/env/carry_out.hpp"
#include "core/env/environment_key.hpp"
#include "core/env/environment_record.hpp"
#include "core/env/index_settings.hpp"
#include "core/env/install_progress.hpp"
#include "core/env/install_python.hpp"
#include "core/env/known_pythons.hpp"
#include "core/env/plan_file.hpp"
#include "core/env/probe_python.hpp"
#include "core/env/tool_keeper.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

std::string utc_text(UtcTime time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", std::chrono::floor<std::chrono::seconds>(time));
}

class Builder {
 public:
  Builder(WantedEnvironment wanted, const EnvironmentSettings& settings, BuildPorts ports, BuildListener listener)
      : wanted_(std::move(wanted)),
        settings_(settings),
        layout_(settings.cache),
        ports_(ports),
        listener_(std::move(listener)),
        tools_(layout_, settings.caller, ports, listener_),
        steps_(layout_, wanted_.project, ports, listener_) {}

  void run() {
    const Interpreter interpreter = choose_python();
    if (tool_counts(wanted_.plan)) {
      tools_.ask_candidates(wanted_.plan.tool->name);
    }
    const std::vector<KeyPart> parts = parts_with(interpreter);
    const std::string key = key_of(wanted_.plan, parts);
    const auto lock =
        wait_for_lock(layout_.lock("env-" + key), fmt::format("the environment {}", key), ports_, listener_);
    if (find_complete(ports_.files, layout_, key, wanted_.plan)) {
      return;
    }
    if (ports_.locks.fell_back()) {
      listener_.progress("this file system has no locks (flock): files that name their owners take their place");
    }
    const auto begin = ports_.clock.steady();
    EnvironmentRecord record = make(key, interpreter);
    if (key_of(wanted_.plan, parts_with(interpreter)) != key) {
      remove_attempts(ports_.files, layout_.environment(key), "");
      throw Error(ExitCode::task_failed,
                  Diagnostic{.message = "the project's files changed while the environment was made",
                             .hint = "run the task again"});
    }
    record.parts = parts;
    record.seconds = std::chrono::duration<double>(ports_.clock.steady() - begin).count();
    record.bytes = size_of_tree(ports_.files, layout_.environment(key) / record.directory);
    ports_.files.write_atomically(layout_.environment_record(key), to_json(record));
    listener_.progress(
        fmt::format("made the environment {} with {} in {:.1f} s", key, record.installer, record.seconds));
  }

 private:
  Interpreter choose_python() {
    std::vector<Interpreter> pythons = find_pythons(settings_, ports_);
    const PythonConstraint wanted = constraint_of(wanted_.plan.python);
    const Interpreter* chosen = choose_interpreter(pythons, wanted);
    if (chosen == nullptr && settings_.install_python == InstallPython::when_missing) {
      install_python(wanted_.plan.python.constraint, pythons, tools_, {ports_, listener_, settings_.caller});
      pythons = find_pythons(settings_, ports_);
      chosen = choose_interpreter(pythons, wanted);
    }
    if (chosen == nullptr) {
      throw no_python_fits(wanted_.plan.python, pythons, settings_.caller);
    }
    pythons_ = pythons;
    return *chosen;
  }

  [[nodiscard]] std::vector<KeyPart> parts_with(const Interpreter& interpreter) const {
    BuildParts made_with{.python = interpreter, .tool_version = {}};
    if (tool_counts(wanted_.plan)) {
      made_with.tool_version =
          expected_version(*wanted_.plan.tool, layout_, settings_.caller, ports_.files).value_or("");
    }
    return key_parts(wanted_.plan, wanted_.project, made_with, settings_.caller, ports_.files);
  }

  EnvironmentRecord make(const std::string& key, const Interpreter& interpreter) {
    const fs::path home = layout_.environment(key);
    ports_.files.make_directories(home);
    ports_.files.remove_all(layout_.environment_record(key));
    EnvironmentRecord record{.key = key,
                             .manager = wanted_.plan.manager,
                             .python = interpreter.program.string(),
                             .python_version = interpreter.version.text(),
                             .project = wanted_.project.string(),
                             .created = utc_text(ports_.clock.now())};
    listener_.progress(fmt::format("making the {} environment {} with Python {} ({})",
                                   wanted_.plan.manager,
                                   key,
                                   record.python_version,
                                   record.python));
    if (!make_by_uv(record)) {
      make_by_manager(record);
    }
    return record;
  }

  /// False where it is the manager's turn.
  bool make_by_uv(EnvironmentRecord& record) {
    const std::optional<UvInstaller> uv = wanted_.plan.by_uv.empty() ? std::nullopt : uv_installer();
    if (!uv) {
      return false;
    }
    PlaceholderValues values = begin_attempt(record);
    values.uv = uv->uv.program;
    take_tool(record, values, wanted_.plan.by_uv);
    for (const InstallStep& step : wanted_.plan.by_uv) {
      const std::optional<StepFailure> failure = steps_.carry_out(step, values, uv->environment);
      if (failure && failure->is_understood) {
        throw Error(ExitCode::task_failed, failure->diagnostic);
      }
      if (failure) {
        listener_.progress(fmt::format(
            "uv could not do it: {}; now {} does it itself", failure->diagnostic.message, wanted_.plan.manager));
        return false;
      }
    }
    record.installer = "uv " + uv->uv.version;
    require_python(values);
    return true;
  }

  void make_by_manager(EnvironmentRecord& record) {
    PlaceholderValues values = begin_attempt(record);
    take_tool(record, values, wanted_.plan.install);
    CallerEnvironment environment = for_installing(settings_.caller);
    if (wanted_.plan.tool && wanted_.plan.tool->name == "uv") {
      environment.try_emplace("UV_CACHE_DIR", layout_.wheels().string());
    }
    for (const InstallStep& step : wanted_.plan.install) {
      if (const auto failure = steps_.carry_out(step, values, environment)) {
        throw Error(ExitCode::task_failed, failure->diagnostic);
      }
    }
    const bool is_own = !record.tool.empty() && names_tool(wanted_.plan.install);
    record.installer = is_own ? wanted_.plan.tool->name + " " + record.tool_version : "pip";
    require_python(values);
  }

  /// A new place, that of an earlier attempt removed.
  PlaceholderValues begin_attempt(EnvironmentRecord& record) {
    const fs::path home = layout_.environment(record.key);
    remove_attempts(ports_.files, home, "");
    record.directory = new_attempt(ports_.clock);
    return {.environment = home / record.directory,
            .python = record.python,
            .tool = {},
            .project = wanted_.project,
            .uv = {}};
  }

  void take_tool(EnvironmentRecord& record, PlaceholderValues& values, const std::vector<InstallStep>& steps) {
    if (!wanted_.plan.tool || (!names_tool(steps) && !runs_tool(wanted_.plan))) {
      return;
    }
    const ToolRequest& wanted = *wanted_.plan.tool;
    std::optional<Tool> found = tools_.find(wanted);
    if (!found) {
      const std::optional<UvInstaller> uv = wanted.name == "uv" ? std::nullopt : uv_installer();
      found = tools_.find_or_make(wanted, pythons_, uv ? &*uv : nullptr);
    }
    const Tool& tool = *found;
    record.tool = tool.program.string();
    record.tool_version = tool.version;
    values.tool = tool.program;
  }

  void require_python(const PlaceholderValues& values) const {
    if (ports_.files.status(values.environment / "bin/python").kind != FileKind::regular) {
      throw Error(
          ExitCode::machine,
          Diagnostic{.message = fmt::format("the environment in `{}` has no Python", values.environment.string())});
    }
  }

  /// None where uv is not to do it, or not to be had.
  std::optional<UvInstaller> uv_installer() {
    if (!settings_.uses_uv) {
      return std::nullopt;
    }
    const auto translated = uv_variables_for(pip_settings(settings_.caller, ports_.files));
    if (const auto* const unknown = std::get_if<UntranslatablePipSetting>(&translated)) {
      listener_.progress(
          fmt::format("pip is configured with `{}`, which uv does not know: pip does it", unknown->option));
      return std::nullopt;
    }
    UvInstaller installer{.uv = {}, .environment = for_installing(settings_.caller)};
    for (const auto& [name, value] : std::get<CallerEnvironment>(translated)) {
      installer.environment[name] = value;
    }
    installer.environment["UV_NO_PROGRESS"] = "1";
    installer.environment["UV_PYTHON_DOWNLOADS"] = "never";
    installer.environment.try_emplace("UV_CACHE_DIR", layout_.wheels().string());
    try {
      installer.uv = tools_.find_or_make({.name = "uv", .version = ""}, pythons_);
    } catch (const Error& error) {
      if (error.code() != ExitCode::machine) {
        throw;
      }
      listener_.progress(fmt::format("uv is not to be had ({}): pip does it", error.diagnostics().front().message));
      return std::nullopt;
    }
    return installer;
  }

  WantedEnvironment wanted_;
  const EnvironmentSettings& settings_;
  CacheLayout layout_;
  BuildPorts ports_;
  BuildListener listener_;
  ToolKeeper tools_;
  InstallSteps steps_;
  std::vector<Interpreter> pythons_;
};

}  // namespace

void build_environment(const fs::path& plan_file,
                       const EnvironmentSettings& settings,
                       const BuildPorts& ports,
                       const BuildListener& listener) {
  const std::optional<std::string> text = ports.files.read(plan_file);
  Builder(read_wanted_environment(text.value_or(""), plan_file), settings, ports, listener).run();
}

std::vector<Interpreter> find_pythons(const EnvironmentSettings& settings, const BuildPorts& ports) {
  const fs::path file = CacheLayout(settings.cache).pythons();
  const std::vector<PythonCandidate> candidates = python_candidates(ports.files, settings.caller);
  KnownPythons known = KnownPythons::load(ports.files, file);
  const KnownPythons::Sorted sorted = known.sort(candidates);
  if (sorted.unknown.empty()) {
    return sorted.interpreters;
  }
  const auto answers = probe_pythons(sorted.unknown, settings.caller, ports.processes, ports.clock);
  for (std::size_t index = 0; index < answers.size(); ++index) {
    known.remember(sorted.unknown[index], answers[index]);
  }
  known.forget_missing(ports.files);
  known.save(ports.files, file);
  return known.sort(candidates).interpreters;
}

}  // namespace ame
