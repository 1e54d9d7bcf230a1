// SPDX-License-Identifier: Apache-2.0
#include "executors/virtual_environment.hpp"

#include <utility>

namespace ame::executors {
namespace {

/// Arguments: uv, the environment. Debian keeps the wheels of `ensurepip` in a place of its own; where there is none,
/// pip comes from the package index.
constexpr const char* venv_script = R"py(
import glob, os, subprocess, sys, venv

uv, environment = sys.argv[1:]
names = ["pip", "setuptools"] if sys.version_info < (3, 12) else ["pip"]
options = []
try:
    import ensurepip
    bundled = os.path.join(os.path.dirname(ensurepip.__file__), "_bundled")
    patterns = [name + "-" + (ensurepip.version() if name == "pip" else "") + "*.whl" for name in names]
    found = []
    for folder in (getattr(ensurepip, "_WHEEL_PKG_DIR", None) or bundled, bundled):
        found = found if all(found) and found else [sorted(glob.glob(os.path.join(folder, one))) for one in patterns]
    if all(found):
        names = [wheels[-1] for wheels in found]
        options = ["--no-index", "--no-deps", "--offline"]
except ImportError:
    pass
venv.EnvBuilder(symlinks=True).create(environment)
python = os.path.join(environment, "bin", "python")
sys.exit(subprocess.call([uv, "pip", "install", "--quiet", "--no-config", "--python", python, *options, *names]))
)py";

const std::vector<KnownFailure>& failures_of_uv() {
  static const std::vector<KnownFailure> failures = {
      {.output_has = "Hash mismatch for",
       .message = "a package does not have the hash that the project has written down",
       .hint = "the package has changed since, or is not what it says it is"},
      {.output_has = "No space left on device",
       .message = "the disk is full",
       .hint = "environments lie in ame's cache directory; set AME_HOME to move it"},
  };
  return failures;
}

const std::vector<KnownFailure>& failures_of_pip() {
  static const std::vector<KnownFailure> failures = {
      {.output_has = "THESE PACKAGES DO NOT MATCH THE HASHES",
       .message = "a package does not have the hash that the project has written down",
       .hint = "the package has changed since, or is not what it says it is"},
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

InstallStep make_virtual_environment_by_uv() {
  return {.label = "making a virtual environment",
          .argv = {placeholder::python, "-I", "-c", venv_script, placeholder::uv, placeholder::environment},
          .known_failures = failures_of_uv()};
}

InstallStep uv_install(std::string label, std::vector<std::string> arguments) {
  const std::vector<std::string> uv = {placeholder::uv, "pip", "install", "--python", program_in_environment("python")};
  arguments.insert(arguments.begin(), uv.begin(), uv.end());
  return {.label = std::move(label), .argv = std::move(arguments), .known_failures = failures_of_uv()};
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
