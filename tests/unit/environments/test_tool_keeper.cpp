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
  then_says(machine, "Poetry (version 1.8.3)\n");
  CHECK(tool(machine).version == "1.8.3");
}

TEST_CASE("a manager that is absent, broken or of another version is put into a place of ame's own, once") {
  MachineWithPython machine;
  machine.program("/usr/bin/poetry");
  then_says(machine, "pyenv: poetry: command not found\n", 127);
  machine.processes.then_exit(1, 0);
  machine.processes.then(ame::ProcessEnded{.process = 1}, [&machine] {
    const std::filesystem::path python = machine.processes.started().back().request.argv.front();
    machine.files.add(python.parent_path() / "poetry", "");
  });
  const Tool made = tool(machine, "1.8.3");
  CHECK(made.version == "1.8.3");
  CHECK(made.program.string().starts_with("/cache/tools/poetry-1.8.3/"));
  CHECK(machine.progress == std::vector<std::string>{"getting poetry 1.8.3 (once, for every project)"});
  CHECK(machine.processes.started().back().request.argv.back() == "poetry==1.8.3");

  then_says(machine, "Poetry (version 2.1.4)\n");
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
