// SPDX-License-Identifier: Apache-2.0
#include "core/env/install_python.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "core/env/known_tools.hpp"
#include "core/env/run_process.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

/// None: it went well.
std::optional<std::string> run(std::vector<std::string> argv, const InstallPythonWith& with) {
  const std::string command =
      fmt::format("{} {}", fs::path(argv.front()).filename().string(), fmt::join(argv.begin() + 1, argv.end(), " "));
  const FinishedProcess finished =
      run_process(with.ports.processes,
                  {.argv = std::move(argv), .environment = as_strings(for_installing(with.caller)), .directory = "/"},
                  with.listener.output);
  return finished.is_fine() ? std::nullopt
                            : std::optional(fmt::format("`{}` {}", command, what_became_of(finished.end)));
}

std::optional<std::string> install_by_uv(const std::string& version,
                                         const std::vector<Interpreter>& pythons,
                                         ToolKeeper& tools,
                                         const InstallPythonWith& with) {
  try {
    const Tool uv = tools.find_or_make({.name = "uv", .version = ""}, pythons);
    with.listener.progress(fmt::format("installing a Python `{}` with uv", version));
    return run({uv.program.string(), "python", "install", version}, with);
  } catch (const Error& error) {
    if (error.code() != ExitCode::machine) {
      throw;
    }
    return error.diagnostics().front().message;
  }
}

/// pyenv takes "3.11" and "3.11.4", no constraints: the newest that a constraint's first version leads to.
std::string plain_version(const std::string& constraint) {
  const std::size_t begin = std::min(constraint.find_first_of("0123456789"), constraint.size());
  std::string version = constraint.substr(begin, constraint.find_first_not_of("0123456789.", begin) - begin);
  while (version.ends_with('.')) {
    version.pop_back();
  }
  return version.empty() ? "3" : version;
}

/// A version as it was written, and a constraint in the words that uv knows: of several ranges the first.
std::string version_asked_for(const std::string& constraint) {
  if (!constraint.empty() && constraint.find_first_not_of("0123456789.") == std::string::npos) {
    return constraint;
  }
  const std::string text = constraint_of({.constraint = constraint, .source = {}}).text();
  return text.substr(0, text.find(" ||"));
}

fs::path find_pyenv(const InstallPythonWith& with) {
  const auto on_path = tool_candidates("pyenv", with.caller, with.ports.files);
  if (!on_path.empty()) {
    return on_path.front().program;
  }
  const fs::path root = value_of(with.caller, "PYENV_ROOT");
  const fs::path program =
      (root.is_absolute() ? root : fs::path(value_of(with.caller, "HOME")) / ".pyenv") / "bin/pyenv";
  return with.ports.files.status(program).kind == FileKind::regular ? program : fs::path();
}

}  // namespace

void install_python(const std::string& constraint,
                    const std::vector<Interpreter>& pythons,
                    ToolKeeper& tools,
                    const InstallPythonWith& with) {
  const std::string version = version_asked_for(constraint);
  const std::optional<std::string> by_uv = install_by_uv(version, pythons, tools, with);
  if (!by_uv) {
    return;
  }
  const fs::path pyenv = find_pyenv(with);
  std::optional<std::string> by_pyenv = "pyenv is not there";
  if (!pyenv.empty()) {
    const std::string plain = plain_version(version);
    with.listener.progress(fmt::format("{}; installing Python {} with pyenv", *by_uv, plain));
    by_pyenv = run({pyenv.string(), "install", "--skip-existing", plain}, with);
  }
  if (by_pyenv) {
    throw Error(
        ExitCode::machine,
        Diagnostic{.message = fmt::format("no Python `{}` could be installed: {}, and {}", version, *by_uv, *by_pyenv),
                   .hint = "see the output above"});
  }
}

}  // namespace ame
