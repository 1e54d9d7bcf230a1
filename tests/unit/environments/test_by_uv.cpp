// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/unit/environments/machine_with_python.hpp"

using ame::MachineWithPython;
using ame::OutputStream;

namespace {

/// A machine with uv on PATH, where uv knows how to make the environment too.
struct MachineWithUv : MachineWithPython {
  MachineWithUv() {
    program("/usr/bin/uv");
    plan.by_uv = {{.label = "installing by uv",
                   .argv = {"@AME_UV@", "install", "@AME_ENVIRONMENT@"},
                   .known_failures = {{"hash mismatch", "it is another package", "look at it"}}}};
  }

  MachineWithUv& then_version() {
    processes.then_output(1, OutputStream::standard_output, "uv 0.13.8\n");
    processes.then_exit(1, 0);
    return *this;
  }

  [[nodiscard]] std::string last_program() const { return processes.started().back().request.argv.front(); }
};

}  // namespace

TEST_CASE("uv makes the environment where it can") {
  MachineWithUv machine;
  machine.settings.caller["PIP_INDEX_URL"] = "https://index.example/simple";
  machine.then_probe();
  machine.then_version().then_install().build();
  CHECK(machine.is_ready());
  CHECK(machine.last_program() == "/usr/bin/uv");
  const auto& variables = machine.processes.started().back().request.environment;
  CHECK(std::ranges::count(variables, "UV_DEFAULT_INDEX=https://index.example/simple") == 1);
  CHECK(std::ranges::count(variables, "UV_CACHE_DIR=/cache/uv") == 1);
  CHECK(machine.progress.back() == "made the environment " + machine.key() + " with uv 0.13.8 in 0.0 s");
}

TEST_CASE("where uv fails the manager has its turn, in a new place") {
  MachineWithUv machine;
  machine.then_probe();
  machine.then_version();
  machine.processes.then_output(1, OutputStream::standard_error, "no idea");
  machine.processes.then_exit(1, 2);
  machine.then_install().build();
  CHECK(machine.is_ready());
  CHECK(machine.last_program() == "/usr/bin/python3.11");
  CHECK(std::ranges::count(
            machine.progress,
            "uv could not do it: installing by uv: `uv` failed with exit code 2; now pip does it itself") == 1);
}

TEST_CASE("what another way to install would not mend either is told at once") {
  MachineWithUv machine;
  machine.then_probe();
  machine.then_version();
  machine.processes.then_output(1, OutputStream::standard_error, "hash mismatch");
  machine.processes.then_exit(1, 1);
  CHECK(machine.build_failure() == "it is another package / look at it");
}

TEST_CASE("an index that cannot be reached is told with what was missing") {
  MachineWithUv machine;
  machine.then_probe();
  machine.then_version();
  machine.processes.then_output(
      1, OutputStream::standard_error, "error: Failed to fetch: `https://i.example/simple/numpy/`\n  dns error\n");
  machine.processes.then_exit(1, 2);
  CHECK(machine.build_failure() ==
        "the package index cannot be reached, and `numpy` is not in the cache / "
        "once the environment is there, ame needs no network");
}

TEST_CASE("uv is left out when it is switched off, or when pip is told what uv does not know") {
  MachineWithUv machine;
  SECTION("switched off") {
    machine.settings.uses_uv = false;
    machine.then_probe().then_install().build();
  }
  SECTION("another word of pip") {
    machine.settings.caller["PIP_ONLY_BINARY"] = ":all:";
    machine.then_probe().then_install().build();
    CHECK(std::ranges::count(machine.progress,
                             "pip is configured with `only-binary`, which uv does not know: pip does it") == 1);
  }
  CHECK(machine.is_ready());
  CHECK(machine.last_program() == "/usr/bin/python3.11");
}

TEST_CASE("packages that were copied for want of hard links are told of") {
  MachineWithUv machine;
  machine.then_probe();
  machine.then_version();
  machine.processes.then_output(
      1, OutputStream::standard_error, "warning: Failed to hardlink files; falling back to full copy.");
  machine.then_install().build();
  CHECK(std::ranges::count(machine.progress,
                           "no hard links lead from uv's cache to this one: the packages were copied") == 1);
}

TEST_CASE("the version of a manager that takes part shapes the environment") {
  MachineWithPython machine;
  machine.program("/usr/bin/poetry");
  machine.plan.manager = "poetry";
  machine.plan.tool = ame::ToolRequest{.name = "poetry", .version = ""};
  const auto then_poetry = [&machine](const char* says) {
    machine.processes.then_output(1, OutputStream::standard_output, says);
    machine.processes.then_exit(1, 0);
  };
  machine.then_probe();
  then_poetry("Poetry (version 1.8.3)\n");
  machine.then_install().build();
  CHECK(machine.is_ready());
  machine.program("/usr/bin/poetry");  // is another one now
  CHECK_FALSE(machine.is_ready());
  then_poetry("Poetry (version 2.1.4)\n");
  machine.then_install().build();
  CHECK(machine.is_ready());
  CHECK(machine.files.list("/cache/envs").size() == 2);
}
