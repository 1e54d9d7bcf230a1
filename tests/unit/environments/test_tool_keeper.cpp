// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/env/tool_keeper.hpp"
#include "tests/unit/environments/machine_with_python.hpp"

using ame::MachineWithPython;
using ame::OutputStream;
using ame::Tool;

namespace {

const std::vector<ame::Interpreter> pythons = {
    {.program = "/usr/bin/python3.11", .version = {.major = 3, .minor = 11, .patch = 2}}};

Tool tool(MachineWithPython& machine, const std::string& version = "") {
  ame::ToolKeeper keeper(ame::CacheLayout("/cache"),
                         machine.settings.caller,
                         {machine.files, machine.processes, machine.locks, machine.clock},
                         {.progress = [&](const std::string& line) { machine.progress.push_back(line); },
                          .output = [](std::string_view) {}});
  return keeper.find_or_make({.name = "poetry", .version = version}, pythons);
}

void then_says(MachineWithPython& machine, const char* answer, int exit_code = 0) {
  machine.processes.then_output(1, OutputStream::standard_output, answer);
  machine.processes.then_exit(1, exit_code);
}

}  // namespace

TEST_CASE("a manager on PATH is used when it works and is of the wanted version") {
  MachineWithPython machine;
  machine.program("/usr/bin/poetry");
  then_says(machine, "Poetry (version 1.8.3)\n");
  CHECK(tool(machine, "1.8").program == "/usr/bin/poetry");
  CHECK(tool(machine).version == "1.8.3");  // remembered, not asked again
  CHECK(machine.processes.started().size() == 1);
  machine.program("/usr/bin/poetry");  // another file took its place
  then_says(machine, "Poetry (version 2.1.4)\n");
  CHECK(tool(machine).version == "2.1.4");
}

TEST_CASE("a manager that is absent, broken or of another version is put into a place of ame's own, once") {
  MachineWithPython machine;
  machine.program("/usr/bin/poetry");
  then_says(machine, "pyenv: poetry: command not found\n", 127);
  machine.processes.then(ame::ProcessEnded{.process = 1}, [&machine] {
    const auto& argv = machine.processes.started().back().request.argv;
    machine.files.add(std::filesystem::path(argv.at(4)) / "bin/poetry", "");
  });
  const Tool made = tool(machine, "1.8.3");
  CHECK(made.version == "1.8.3");
  CHECK(made.program.string().starts_with("/cache/tools/poetry-1.8.3/"));
  CHECK(machine.progress == std::vector<std::string>{"getting poetry 1.8.3 (once, for every project)"});
  CHECK(machine.processes.started().back().request.argv.back() == "poetry==1.8.3");

  CHECK(tool(machine, "1.8.3").program == made.program);
  CHECK(machine.processes.is_finished());
}

TEST_CASE("a version is found in what a program says of itself") {
  CHECK(ame::version_in("Poetry (version 2.1.4)") == "2.1.4");
  CHECK(ame::version_in("pipenv, version 2025.0.4\n") == "2025.0.4");
  CHECK(ame::version_in("uv 0.13.8 (x86_64-unknown-linux-gnu)") == "0.13.8");
  CHECK(ame::version_in("command not found").empty());
  CHECK(ame::is_version("2.1.4", ""));
  CHECK(ame::is_version("2.1.4", "2.1"));
  CHECK(ame::is_version("2.1.4", "2.1.4"));
  CHECK_FALSE(ame::is_version("2.10.4", "2.1"));
}

TEST_CASE("a manager that is absent is installed by uv where uv is given") {
  MachineWithPython machine;
  machine.processes.then_exit(1, 0);
  machine.processes.then(ame::ProcessEnded{.process = 1}, [&machine] {
    const auto& argv = machine.processes.started().back().request.argv;
    machine.files.add(std::filesystem::path(argv.at(4)).parent_path() / "poetry", "");
  });
  ame::ToolKeeper keeper(ame::CacheLayout("/cache"),
                         machine.settings.caller,
                         {machine.files, machine.processes, machine.locks, machine.clock},
                         {.progress = [](const std::string&) {}, .output = [](std::string_view) {}});
  const ame::UvInstaller uv{.uv = {.program = "/uv", .version = "0.13.8"}, .environment = {{"UV_DEFAULT_INDEX", "i"}}};
  const Tool made = keeper.find_or_make({.name = "poetry", .version = "2.1.4"}, pythons, &uv);
  CHECK(made.program.string().starts_with("/cache/tools/poetry-2.1.4/"));
  const auto& install = machine.processes.started().back().request;
  CHECK(install.argv.front() == "/uv");
  CHECK(install.argv.back() == "poetry==2.1.4");
  CHECK(install.environment == std::vector<std::string>{"UV_DEFAULT_INDEX=i"});
}
