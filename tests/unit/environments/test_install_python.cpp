// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/unit/environments/machine_with_python.hpp"

using ame::MachineWithPython;
using ame::OutputStream;

namespace {

/// A machine with uv, pyenv and Python 3.11, on which a task wants 3.12 and may have it installed.
struct MachineWithoutPython312 : MachineWithPython {
  MachineWithoutPython312() {
    program("/usr/bin/uv");
    program("/home/ann/.pyenv/bin/pyenv");
    plan.python = {.constraint = "3.12", .source = "ame.yml:4"};
    settings.install_python = ame::InstallPython::when_missing;
    then_probe();
    processes.then_output(1, OutputStream::standard_output, "uv 0.13.8\n");
    processes.then_exit(1, 0);
  }

  /// The next process installs a Python there.
  void then_python(const std::string& path) {
    processes.then(ame::ProcessEnded{.process = 1}, [this, path] { program(path); });
    then_probe(path, "3.12.4");
  }

  [[nodiscard]] std::vector<std::string> command(std::size_t from_the_end) const {
    return processes.started().at(processes.started().size() - from_the_end).request.argv;
  }
};

}  // namespace

TEST_CASE("a Python that is missing is installed by uv where that is allowed") {
  MachineWithoutPython312 machine;
  const std::string python = "/home/ann/.local/share/uv/python/cpython-3.12.4/bin/python3";
  machine.then_python(python);
  machine.then_install().build();
  CHECK(machine.is_ready());
  CHECK(machine.command(3) == std::vector<std::string>{"/usr/bin/uv", "python", "install", "3.12"});
  CHECK(std::ranges::count(machine.progress, "installing a Python `3.12` with uv") == 1);
}

TEST_CASE("where uv has none it is pyenv's turn") {
  MachineWithoutPython312 machine;
  machine.processes.then_exit(1, 2);
  machine.then_python("/home/ann/.pyenv/versions/3.12.4/bin/python3");
  machine.then_install().build();
  CHECK(machine.is_ready());
  CHECK(machine.command(3) ==
        std::vector<std::string>{"/home/ann/.pyenv/bin/pyenv", "install", "--skip-existing", "3.12"});
}

TEST_CASE("where both fail, what became of both is told") {
  MachineWithoutPython312 machine;
  machine.processes.then_exit(1, 2);
  machine.processes.then_exit(1, 1);
  CHECK(machine.build_failure() ==
        "no Python `3.12` could be installed: `uv python install 3.12` failed with exit code 2, and "
        "`pyenv install --skip-existing 3.12` failed with exit code 1 / see the output above");
}
