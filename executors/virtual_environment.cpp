// SPDX-License-Identifier: Apache-2.0
#include "executors/virtual_environment.hpp"

#include <utility>

namespace ame::executors {
namespace {

const std::vector<KnownFailure>& failures_of_pip() {
  static const std::vector<KnownFailure> failures = {
      {.output_has = "THESE PACKAGES DO NOT MATCH THE HASHES",
       .message = "a package does not have the hash that the project has written down",
       .hint = "the package has changed since, or is not what it says it is"},
      {.output_has = "Temporary failure in name resolution",
       .message = "the package index cannot be reached",
       .hint = "once the environment is there, ame needs no network"},
      {.output_has = "No matching distribution found for",
       .message = "the package index has no version of a package that fits this Python",
       .hint = "see the last lines above for its name"},
      {.output_has = "No space left on device",
       .message = "the disk is full",
       .hint = "environments lie in ame's cache directory; set AME_HOME to move it"},
  };
  return failures;
}

}  // namespace

InstallStep make_virtual_environment() {
  return {.label = "making a virtual environment",
          .argv = {placeholder::python, "-m", "venv", placeholder::environment},
          .known_failures = {{.output_has = "ensurepip is not available",
                              .message = "this Python cannot make virtual environments",
                              .hint = "on Debian and Ubuntu: `apt install python3-venv`"}}};
}

InstallStep python_step(std::string label, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), program_in_environment("python"));
  return {.label = std::move(label), .argv = std::move(arguments)};
}

InstallStep pip_install(std::string label, std::vector<std::string> arguments) {
  const std::vector<std::string> pip = {"-m", "pip", "install", "--no-input", "--disable-pip-version-check"};
  arguments.insert(arguments.begin(), pip.begin(), pip.end());
  InstallStep step = python_step(std::move(label), std::move(arguments));
  step.known_failures = failures_of_pip();
  return step;
}

EnvironmentPlan virtual_environment(std::string manager, PythonRequest python) {
  return {.manager = std::move(manager),
          .python = std::move(python),
          .variables = {{.key = "VIRTUAL_ENV", .value = placeholder::environment}},
          .path_first = {program_in_environment("")}};
}

std::string program_in_environment(const std::string& name) {
  const std::string programs = std::string(placeholder::environment) + "/bin";
  return name.empty() ? programs : programs + "/" + name;
}

}  // namespace ame::executors
