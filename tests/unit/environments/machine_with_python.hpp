// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "core/env/build_environment.hpp"
#include "core/env/environment_keeper.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_file_locks.hpp"
#include "tests/support/memory_file_system.hpp"
#include "tests/support/scripted_process_runner.hpp"

namespace ame {

/// A machine with one Python, 3.11.2 in /usr/bin, and a project in /p.
struct MachineWithPython {
  MemoryFileSystem files;
  ScriptedProcessRunner processes;
  MemoryFileLocks locks;
  ManualClock clock;
  EnvironmentSettings settings{
      .cache = "/cache", .program = "/bin/ame", .caller = {{"PATH", "/usr/bin"}, {"HOME", "/home/ann"}, {"LANG", "C"}}};
  std::vector<std::string> progress;
  std::string output;
  EnvironmentPlan plan{
      .manager = "pip",
      .python = {.constraint = "3.11", .source = "ame.yml:4"},
      .inputs = {"requirements.txt"},
      .install = {{.label = "installing",
                   .argv = {"@AME_PYTHON@", "install", "@AME_ENVIRONMENT@", "@AME_PROJECT@"},
                   .environment = {{"WHERE", "@AME_ENVIRONMENT@"}},
                   .known_failures = {{"bad words", "that went wrong", "do better"}}}},
      .variables = {{"VIRTUAL_ENV", "@AME_ENVIRONMENT@"}},
      .path_first = {"@AME_ENVIRONMENT@/bin"},
  };

  MachineWithPython() {
    program("/usr/bin/python3.11");
    files.add("/p/requirements.txt", "numpy==1.26.4\n");
  }

  void program(const std::filesystem::path& path) {
    files.make_directories(path.parent_path());
    files.write_atomically(path, "", FileMode::executable);
  }

  std::variant<ReadyEnvironment, BuildNeeded> find() {
    return EnvironmentKeeper(settings, files, locks).find_or_request(plan, "/p");
  }

  bool is_ready() { return std::holds_alternative<ReadyEnvironment>(find()); }

  std::string key() {
    const auto found = find();
    const auto* const ready = std::get_if<ReadyEnvironment>(&found);
    return ready != nullptr ? ready->key : std::get<BuildNeeded>(found).key;
  }

  /// The next process is asked what Python it is.
  MachineWithPython& then_probe(const std::string& program = "/usr/bin/python3.11", const char* version = "3.11.2") {
    processes.then_output(0,
                          OutputStream::standard_output,
                          fmt::format(R"({{"program": "{}", "version": "{}", "release": true, "venv": true, )"
                                      R"("implementation": "cpython", "platform": "linux", "fingerprint": "1-2"}})",
                                      program,
                                      version));
    processes.then_exit(0, 0);
    return *this;
  }

  /// The next process installs.
  MachineWithPython& then_install() {
    processes.then(ProcessEnded{.process = 1}, [this] {
      files.add(std::filesystem::path(processes.started().back().request.argv.at(2)) / "bin/python", "");
    });
    return *this;
  }

  void build() {
    const BuildNeeded needed = std::get<BuildNeeded>(find());
    build_environment(needed.request.argv.back(),
                      settings,
                      {files, processes, locks, clock},
                      {.progress = [this](const std::string& line) { progress.push_back(line); },
                       .output = [this](std::string_view bytes) { output += bytes; }});
  }

  /// What build() throws, as "message / hint".
  std::string build_failure() {
    try {
      build();
    } catch (const Error& error) {
      return error.diagnostics().front().message + " / " + error.diagnostics().front().hint;
    }
    return {};
  }
};

}  // namespace ame
