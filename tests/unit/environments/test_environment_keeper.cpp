// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/unit/environments/machine_with_python.hpp"

using ame::BuildNeeded;
using ame::MachineWithPython;
using ame::ReadyEnvironment;

TEST_CASE("an absent environment is asked for from a process of ame itself") {
  MachineWithPython machine;
  const auto needed = std::get<BuildNeeded>(machine.find());
  const std::vector<std::string> wanted = {
      "/bin/ame", "internal", "build-environment", "--plan", "/cache/plans/" + needed.key + ".json"};
  CHECK(needed.request.argv == wanted);
  CHECK(needed.request.directory == "/p");
  CHECK(machine.processes.started().empty());
}

TEST_CASE("an environment is made once, and found without a process from then on") {
  MachineWithPython machine;
  machine.then_probe().then_install().build();
  const std::size_t started = machine.processes.started().size();
  const auto ready = std::get<ReadyEnvironment>(machine.find());
  CHECK(machine.processes.started().size() == started);
  CHECK(ready.python == ready.directory / "bin/python");
  CHECK(ready.variables == std::vector<ame::EnvironmentVariable>{{"VIRTUAL_ENV", ready.directory.string()}});
  CHECK(ready.path_first == std::vector{(ready.directory / "bin").string()});
  CHECK(ready.directory.parent_path() == "/cache/envs/" + ready.key);
  CHECK(machine.progress.front() ==
        "making the pip environment " + ready.key + " with Python 3.11.2 (/usr/bin/python3.11)");
}

TEST_CASE("an install step gets its placeholders and a clean environment") {
  MachineWithPython machine;
  machine.settings.caller["VIRTUAL_ENV"] = "/elsewhere";
  machine.settings.caller["PYTHONPATH"] = "/elsewhere";
  machine.then_probe().then_install().build();
  const auto& request = machine.processes.started().back().request;
  const std::string place = request.argv.at(2);
  CHECK(request.argv == std::vector<std::string>{"/usr/bin/python3.11", "install", place, "/p"});
  CHECK(request.directory == "/p");
  CHECK(request.environment ==
        std::vector<std::string>{"HOME=/home/ann", "LANG=C", "PATH=" + place + "/bin:/usr/bin", "WHERE=" + place});
}

TEST_CASE("content decides which environment it is") {
  MachineWithPython machine;
  machine.then_probe().then_install().build();
  const std::string key = machine.key();
  SECTION("a changed byte of an input makes another one") {
    machine.files.add("/p/requirements.txt", "numpy==1.26.5\n");
    CHECK(machine.key() != key);
    CHECK_FALSE(machine.is_ready());
  }
  SECTION("so does another place to take packages from") {
    machine.settings.caller["PIP_INDEX_URL"] = "https://example.org/simple";
    CHECK(machine.key() != key);
  }
  SECTION("and pip's own configuration") {
    machine.files.add("/home/ann/.config/pip/pip.conf", "[global]\n");
    CHECK(machine.key() != key);
  }
  SECTION("an equal file written again does not") {
    machine.files.add("/p/requirements.txt", "numpy==1.26.4\n");
    CHECK(machine.key() == key);
  }
  SECTION("nor another way to ask for the same Python") {
    machine.plan.python = {.constraint = "^3.11", .source = "pyproject.toml:2"};
    CHECK(machine.key() == key);
  }
  SECTION("an environment bound to its project is not another project's") {
    machine.plan.bound_to_project = true;
    CHECK(machine.key() != key);
  }
}

TEST_CASE("a Python that was replaced is asked again") {
  MachineWithPython machine;
  machine.then_probe().then_install().build();
  CHECK(machine.is_ready());
  machine.program("/usr/bin/python3.11");
  CHECK_FALSE(machine.is_ready());
}

TEST_CASE("a failed install leaves nothing to be found, and says what the manager's words mean") {
  MachineWithPython machine;
  machine.then_probe();
  machine.processes.then_output(1, ame::OutputStream::standard_error, "bad words");
  machine.processes.then_exit(1, 2);
  CHECK(machine.build_failure() == "that went wrong / do better");
  CHECK(machine.output == "bad words");
  CHECK_FALSE(machine.is_ready());
  machine.processes.then_exit(1, 3);
  CHECK(machine.build_failure() == "installing: `python3.11` failed with exit code 3 / see the output above");
}

TEST_CASE("what a killed build has left behind is never used, and removed by the next") {
  MachineWithPython machine;
  machine.then_probe();
  machine.processes.then(ame::StopRequested{.signal = 15});
  machine.processes.then_exit(1, 0);
  CHECK(machine.build_failure() == "stopped by signal 15 / ");
  const std::string key = machine.key();
  machine.files.add("/cache/envs/" + key + "/abandoned/bin/python", "");
  CHECK_FALSE(machine.is_ready());
  machine.then_install().build();
  CHECK(machine.is_ready());
  CHECK(machine.files.status("/cache/envs/" + key + "/abandoned").kind == ame::FileKind::missing);
}

TEST_CASE("files that change while the environment is made make it worthless") {
  MachineWithPython machine;
  machine.then_probe();
  machine.processes.then(ame::ProcessEnded{.process = 1}, [&machine] {
    machine.files.add(machine.processes.started().back().request.argv.at(2) + "/bin/python", "");
    machine.files.add("/p/requirements.txt", "numpy==2\n");
  });
  CHECK(machine.build_failure() == "the project's files changed while the environment was made / run the task again");
  CHECK_FALSE(machine.is_ready());
}

TEST_CASE("who finds another ame at work waits for it, and says so") {
  MachineWithPython machine;
  machine.then_probe().then_install().build();
  machine.files.remove_all("/cache/envs");
  const std::string key = machine.key();
  auto other = machine.locks.try_lock("/cache/locks/env-" + key + ".lock");
  machine.processes.then(ame::DeadlineReached{}, [&other] { other.reset(); });
  machine.progress.clear();
  machine.then_install().build();
  CHECK(machine.progress.front() == "waiting for another ame that is making the environment " + key);
  CHECK(machine.is_ready());
}

TEST_CASE("no Python that fits: where was looked, what was found, what would help") {
  MachineWithPython machine;
  machine.then_probe().then_install().build();
  machine.plan.python = {.constraint = "3.12", .source = "ame.yml:4"};
  try {
    static_cast<void>(machine.find());
    FAIL("3.12 is not there");
  } catch (const ame::Error& error) {
    CHECK(error.code() == ame::ExitCode::machine);
    CHECK(error.diagnostics().front().message == "this machine has no Python `3.12`, which ame.yml:4 asks for");
    CHECK(error.diagnostics().front().hint ==
          "get one with `--install-python`, `uv python install 3.12`, `pyenv install 3.12` or the system's packages\n"
          "found:\n"
          "  3.11.2  /usr/bin/python3.11 (PATH)\n"
          "looked in PATH (without shims), /home/ann/.pyenv/versions, /home/ann/.local/share/uv/python, asdf, mise, "
          "conda, /usr/local/bin, /usr/bin");
  }
}
