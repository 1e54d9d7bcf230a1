// SPDX-License-Identifier: Apache-2.0
#include "core/env/build_environment.hpp"

#include <chrono>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "core/env/environment_key.hpp"
#include "core/env/environment_record.hpp"
#include "core/env/fill_placeholders.hpp"
#include "core/env/known_pythons.hpp"
#include "core/env/plan_file.hpp"
#include "core/env/probe_python.hpp"
#include "core/env/run_process.hpp"
#include "core/env/tool_keeper.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

std::string utc_text(UtcTime time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", std::chrono::floor<std::chrono::seconds>(time));
}

std::int64_t size_of(const FileReader& files, const fs::path& directory) {
  std::int64_t bytes = 0;
  for (const std::string& name : files.list(directory)) {
    const fs::path path = directory / name;
    const FileStatus status = files.status(path);
    if (status.kind == FileKind::regular) {
      bytes += static_cast<std::int64_t>(status.size);
    } else if (status.kind == FileKind::directory && name != "lib64") {  // a link to lib
      bytes += size_of(files, path);
    }
  }
  return bytes;
}

class Builder {
 public:
  Builder(WantedEnvironment wanted, const EnvironmentSettings& settings, BuildPorts ports, BuildListener listener)
      : wanted_(std::move(wanted)),
        settings_(settings),
        layout_(settings.cache),
        ports_(ports),
        listener_(std::move(listener)),
        tools_(layout_, settings.caller, ports, listener_) {}

  void run() {
    const Interpreter interpreter = choose_python();
    const std::vector<KeyPart> parts = parts_with(interpreter);
    const std::string key = key_of(wanted_.plan, parts);
    const auto lock =
        wait_for_lock(layout_.lock("env-" + key), fmt::format("the environment {}", key), ports_, listener_);
    if (find_complete(ports_.files, layout_, key, wanted_.plan)) {
      return;
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
    record.bytes = size_of(ports_.files, layout_.environment(key) / record.directory);
    ports_.files.write_atomically(layout_.environment_record(key), to_json(record));
    listener_.progress(fmt::format("made the environment {} in {:.1f} s", key, record.seconds));
  }

 private:
  Interpreter choose_python() {
    std::vector<Interpreter> pythons = find_pythons(settings_, ports_);
    const PythonConstraint wanted = constraint_of(wanted_.plan.python);
    const Interpreter* chosen = choose_interpreter(pythons, wanted);
    if (chosen == nullptr && settings_.install_python == InstallPython::when_missing) {
      install_python(wanted, pythons);
      pythons = find_pythons(settings_, ports_);
      chosen = choose_interpreter(pythons, wanted);
    }
    if (chosen == nullptr) {
      throw no_python_fits(wanted_.plan.python, pythons, settings_.caller);
    }
    pythons_ = pythons;
    return *chosen;
  }

  void install_python(const PythonConstraint& wanted, const std::vector<Interpreter>& pythons) {
    const Tool uv = tools_.find_or_make({.name = "uv", .version = ""}, pythons);
    const std::string text = wanted.text();
    const std::string version = text.substr(0, text.find(" ||"));
    listener_.progress(fmt::format("installing a Python `{}` with uv", version));
    const FinishedProcess finished = run_process(ports_.processes,
                                                 {.argv = {uv.program.string(), "python", "install", version},
                                                  .environment = as_strings(for_installing(settings_.caller)),
                                                  .directory = "/"},
                                                 listener_.output);
    if (!finished.is_fine()) {
      throw Error(ExitCode::machine,
                  Diagnostic{.message = fmt::format("`uv python install {}` {}", version, what_became_of(finished.end)),
                             .hint = "see the output above"});
    }
  }

  [[nodiscard]] std::vector<KeyPart> parts_with(const Interpreter& interpreter) const {
    return key_parts(wanted_.plan, wanted_.project, interpreter, settings_.caller, ports_.files);
  }

  EnvironmentRecord make(const std::string& key, const Interpreter& interpreter) {
    const fs::path home = layout_.environment(key);
    ports_.files.make_directories(home);
    ports_.files.remove_all(layout_.environment_record(key));
    remove_attempts(ports_.files, home, "");
    EnvironmentRecord record{.key = key,
                             .directory = new_attempt(ports_.clock),
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
    PlaceholderValues values{
        .environment = home / record.directory, .python = interpreter.program, .project = wanted_.project};
    if (wanted_.plan.tool) {
      const Tool tool = tools_.find_or_make(*wanted_.plan.tool, pythons_);
      record.tool = tool.program.string();
      record.tool_version = tool.version;
      values.tool = tool.program;
    }
    for (const InstallStep& step : wanted_.plan.install) {
      install(step, values);
    }
    if (ports_.files.status(values.environment / "bin/python").kind != FileKind::regular) {
      throw Error(
          ExitCode::machine,
          Diagnostic{.message = fmt::format("the environment in `{}` has no Python", values.environment.string())});
    }
    return record;
  }

  void install(const InstallStep& step, const PlaceholderValues& values) {
    listener_.progress(step.label);
    CallerEnvironment environment = for_installing(settings_.caller);
    environment["PATH"] = (values.environment / "bin").string() + ":" + value_of(environment, "PATH");
    for (const EnvironmentVariable& variable : step.environment) {
      environment[variable.key] = fill_placeholders(variable.value, values);
    }
    ProcessRequest request{.environment = as_strings(environment)};
    for (const std::string& argument : step.argv) {
      request.argv.push_back(fill_placeholders(argument, values));
    }
    request.directory = step.directory.empty() ? wanted_.project : fs::path(fill_placeholders(step.directory, values));
    const FinishedProcess finished = run_process(ports_.processes, request, listener_.output);
    if (!finished.is_fine()) {
      throw failure_of(step, request, finished);
    }
  }

  static Error failure_of(const InstallStep& step, const ProcessRequest& request, const FinishedProcess& finished) {
    const std::string what = fs::path(request.argv.front()).filename().string();
    Diagnostic diagnostic{.message = fmt::format("{}: `{}` {}", step.label, what, what_became_of(finished.end)),
                          .hint = "see the output above"};
    for (const KnownFailure& known : step.known_failures) {
      if (finished.output.find(known.output_has) != std::string::npos) {
        diagnostic.message = known.message;
        diagnostic.hint = known.hint;
        break;
      }
    }
    return {ExitCode::task_failed, std::move(diagnostic)};
  }

  WantedEnvironment wanted_;
  const EnvironmentSettings& settings_;
  CacheLayout layout_;
  BuildPorts ports_;
  BuildListener listener_;
  ToolKeeper tools_;
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
