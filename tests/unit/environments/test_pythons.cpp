// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/env/interpreter.hpp"
#include "core/env/probe_python.hpp"
#include "tests/unit/environments/machine_with_python.hpp"

using ame::Interpreter;
using ame::MachineWithPython;

namespace {

Interpreter python(const char* version, const char* program = "/usr/bin/python") {
  return {.program = program, .version = ame::parse_python_version(version).value()};
}

std::string chosen(const std::vector<Interpreter>& all, std::string_view constraint) {
  const auto wanted = std::get<ame::PythonConstraint>(ame::PythonConstraint::parse(constraint));
  const Interpreter* const best = ame::choose_interpreter(all, wanted);
  return best == nullptr ? "none" : best->version.text();
}

std::vector<std::string> candidates(const MachineWithPython& machine) {
  std::vector<std::string> found;
  for (const auto& candidate : ame::python_candidates(machine.files, machine.settings.caller)) {
    found.push_back(candidate.origin + " " + candidate.path.string());
  }
  return found;
}

}  // namespace

TEST_CASE("the newest Python that fits is chosen") {
  const std::vector<Interpreter> all = {python("3.9.18"), python("3.11.2"), python("3.11.7"), python("3.13.0")};
  CHECK(chosen(all, "3.11") == "3.11.7");
  CHECK(chosen(all, "") == "3.13.0");
  CHECK(chosen(all, "3.1") == "none");
  CHECK(chosen(all, "<3.11") == "3.9.18");
}

TEST_CASE("a candidate of a coming release, or one that makes no environments, is the last resort") {
  std::vector<Interpreter> all = {python("3.12.1"), python("3.14.0")};
  all[1].is_release = false;
  CHECK(chosen(all, ">=3.12") == "3.12.1");
  CHECK(chosen(all, "3.14") == "3.14.0");
  all[1].is_release = true;
  all[1].makes_venvs = false;
  CHECK(chosen(all, ">=3.12") == "3.12.1");
}

TEST_CASE("Pythons are looked for on PATH without shims, then where version keepers put them") {
  MachineWithPython machine;
  machine.settings.caller["PATH"] = "/home/ann/.pyenv/shims:/opt/bin:relative:/opt/bin:/usr/bin";
  for (const char* const path : {"/home/ann/.pyenv/shims/python3.12",
                                 "/opt/bin/python3",
                                 "/home/ann/.pyenv/versions/3.12.1/bin/python3",
                                 "/home/ann/.local/share/uv/python/cpython-3.13/bin/python3",
                                 "/home/ann/miniconda3/bin/python3",
                                 "/home/ann/miniconda3/envs/ml/bin/python3",
                                 "/usr/local/bin/python3.10"}) {
    machine.program(path);
  }
  machine.files.add("/opt/bin/python3.12", "not executable");
  CHECK(candidates(machine) == std::vector<std::string>{"PATH /opt/bin/python3",
                                                        "PATH /usr/bin/python3.11",
                                                        "pyenv /home/ann/.pyenv/versions/3.12.1/bin/python3",
                                                        "uv /home/ann/.local/share/uv/python/cpython-3.13/bin/python3",
                                                        "conda /home/ann/miniconda3/envs/ml/bin/python3",
                                                        "conda /home/ann/miniconda3/bin/python3",
                                                        "the system /usr/local/bin/python3.10"});
}

TEST_CASE("a Python is asked once, and remembered also when it is broken") {
  MachineWithPython machine;
  machine.program("/usr/bin/python3");
  machine.then_probe();
  machine.processes.then_exit(1, 127);
  const ame::BuildPorts ports{machine.files, machine.processes, machine.locks, machine.clock};
  CHECK(ame::find_pythons(machine.settings, ports).size() == 1);
  CHECK(ame::find_pythons(machine.settings, ports).size() == 1);
  CHECK(machine.processes.started().size() == 2);
  CHECK(machine.processes.is_finished());
}

TEST_CASE("what answers strangely is no Python") {
  CHECK_FALSE(ame::read_probe("").has_value());
  CHECK_FALSE(ame::read_probe("pyenv: python: command not found").has_value());
  CHECK_FALSE(ame::read_probe(R"({"implementation": "pypy", "version": "3.10.1", "program": "/x"})").has_value());
  CHECK_FALSE(ame::read_probe(R"({"implementation": "cpython", "version": "x", "program": "/x"})").has_value());
}
