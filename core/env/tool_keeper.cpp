// SPDX-License-Identifier: Apache-2.0
#include "core/env/tool_keeper.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/env/run_process.hpp"
#include "core/text.hpp"

namespace ame {

namespace fs = std::filesystem;

using nlohmann::json;

namespace {

/// A manager ame can get by itself, in the version its tests run with.
struct KnownTool {
  const char* name;
  const char* version;
  const char* python;
};

constexpr std::array<KnownTool, 4> known_tools = {{
    {"poetry", "2.5.1", ">=3.10,<4.0"},
    {"pipenv", "2026.10.3", ">=3.10"},
    {"uv", "0.13.8", ">=3.8"},
    {"mlflow", "3.17.2", ">=3.10,<3.14"},
}};

/// A virtual environment with one package in it, without the seconds it takes to put pip there too: the pip that Python
/// brings along runs out of its wheel. Arguments: the place, the requirement.
constexpr const char* bootstrap = R"py(
import ensurepip, glob, os, sys, venv

place, requirement = sys.argv[1:]
folders = [getattr(ensurepip, "_WHEEL_PKG_DIR", None) or "", os.path.join(os.path.dirname(ensurepip.__file__), "_bundled")]
wheels = [wheel for folder in folders for wheel in glob.glob(os.path.join(folder, "pip-" + ensurepip.version() + "-*.whl"))]
pip = os.path.join(wheels[0], "pip")
venv.EnvBuilder(symlinks=True).create(place)
python = os.path.join(place, "bin", "python")
options = ["--no-input", "--disable-pip-version-check", "--quiet", "--retries=2"]
os.execv(python, [python, "-I", pip, "install", *options, requirement])
)py";

const KnownTool* find_known_tool(const std::string& name) {
  const auto* const found = std::find_if(
      known_tools.begin(), known_tools.end(), [&name](const KnownTool& tool) { return name == tool.name; });
  return found == known_tools.end() ? nullptr : found;
}

const KnownTool& known_tool(const std::string& name) {
  const KnownTool* const found = find_known_tool(name);
  if (found == nullptr && name == "conda") {
    throw Error(ExitCode::machine,
                Diagnostic{.message = "the project wants packages of conda, and this machine has neither conda nor "
                                      "mamba nor micromamba",
                           .hint = "install one of them; or name the packages under `pip` of the conda.yaml; or write "
                                   "a python_env.yaml, which needs none"});
  }
  if (found == nullptr) {
    throw Error(ExitCode::machine,
                Diagnostic{.message = fmt::format("`{}` is not on PATH", name), .hint = "install it"});
  }
  return *found;
}

const Interpreter& interpreter_for(const KnownTool& tool, const std::vector<Interpreter>& interpreters) {
  const PythonConstraint fitting = std::get<PythonConstraint>(PythonConstraint::parse(tool.python));
  const Interpreter* best = choose_interpreter(interpreters, fitting);
  if (best == nullptr || !best->makes_venvs) {
    throw Error(
        ExitCode::machine,
        Diagnostic{
            .message = fmt::format(
                "`{}` is not on PATH, and no Python `{}` with `venv` is there to get it with", tool.name, tool.python),
            .hint =
                fmt::format("install {}, or a Python (on Debian and Ubuntu: `apt install python3-venv`)", tool.name)});
  }
  return *best;
}

/// Its name among ame's tools.
std::string directory_of(const ToolRequest& wanted) {
  return fmt::format("{}-{}", wanted.name, wanted.version.empty() ? usual_version(wanted.name) : wanted.version);
}

}  // namespace

std::string usual_version(const std::string& tool) {
  const KnownTool* const known = find_known_tool(tool);
  return known == nullptr ? std::string() : known->version;
}

struct ToolKeeper::Recipe {
  std::string name;
  std::string version;    ///< empty: whichever comes
  std::string directory;  ///< its name among the tools
};

ToolKeeper::ToolKeeper(CacheLayout layout, CallerEnvironment caller, BuildPorts ports, BuildListener listener)
    : layout_(std::move(layout)),
      caller_(for_installing(std::move(caller))),
      ports_(ports),
      listener_(std::move(listener)) {}

Tool ToolKeeper::find_or_make(const ToolRequest& wanted,
                              const std::vector<Interpreter>& interpreters,
                              const UvInstaller* uv) {
  if (std::optional<Tool> found = find(wanted)) {
    return *found;
  }
  const KnownTool& known = known_tool(wanted.name);
  const std::string version = wanted.version.empty() ? known.version : wanted.version;
  const Recipe recipe{.name = wanted.name, .version = version, .directory = directory_of(wanted)};
  const Interpreter& interpreter = interpreter_for(known, interpreters);
  const auto lock = wait_for_lock(layout_.lock("tool-" + recipe.directory), recipe.name, ports_, listener_);
  if (std::optional<Tool> made = find_made(recipe.directory, recipe.name)) {
    return *made;
  }
  return make(recipe, interpreter, uv);
}

std::optional<Tool> ToolKeeper::find(const ToolRequest& wanted) {
  std::optional<Tool> found = find_on_path(wanted);
  return found ? found : find_made(directory_of(wanted), wanted.name);
}

void ToolKeeper::ask_candidates(const std::string& name) {
  KnownTools known = KnownTools::load(ports_.files, layout_.known_tools());
  bool is_new = false;
  for (const ToolCandidate& candidate : tool_candidates(name, caller_, ports_.files)) {
    if (known.version_of(candidate)) {
      continue;
    }
    const FinishedProcess answer = run_process(
        ports_.processes,
        {.argv = {candidate.program.string(), "--version"}, .environment = as_strings(caller_), .directory = "/"});
    known.remember(candidate, answer.is_fine() ? version_in(answer.output) : std::string());
    is_new = true;
  }
  if (is_new) {
    known.save(ports_.files, layout_.known_tools());
  }
}

std::optional<Tool> ToolKeeper::find_on_path(const ToolRequest& wanted) {
  ask_candidates(wanted.name);
  const KnownTools known = KnownTools::load(ports_.files, layout_.known_tools());
  for (const ToolCandidate& candidate : tool_candidates(wanted.name, caller_, ports_.files)) {
    const std::string version = known.version_of(candidate).value_or("");
    if (!version.empty() && is_version(version, wanted.version)) {
      return Tool{.program = candidate.program, .version = version};
    }
  }
  return std::nullopt;
}

std::optional<Tool> ToolKeeper::find_made(const std::string& name, const std::string& program) const {
  const std::optional<std::string> text = ports_.files.read(layout_.tool_record(name));
  const json record = json::parse(text.value_or(""), nullptr, false);
  if (!record.is_object()) {
    return std::nullopt;
  }
  Tool tool{.program = layout_.tool(name) / record.value("directory", "") / "bin" / program,
            .version = record.value("version", "")};
  const bool is_there = ports_.files.status(tool.program).kind == FileKind::regular;
  return is_there ? std::optional(std::move(tool)) : std::nullopt;
}

Tool ToolKeeper::make(const Recipe& recipe, const Interpreter& interpreter, const UvInstaller* uv) {
  listener_.progress(fmt::format("getting {} {} (once, for every project)", recipe.name, recipe.version));
  const fs::path home = layout_.tool(recipe.directory);
  remove_attempts(ports_.files, home, "");
  ports_.files.make_directories(home);
  const std::string attempt = new_attempt(ports_.clock);
  const fs::path place = home / attempt;
  const std::string requirement = fmt::format("{}=={}", recipe.name, recipe.version);
  if (uv == nullptr || !make_by_uv(recipe, interpreter, place, *uv)) {
    ports_.files.remove_all(place);
    run({interpreter.program.string(), "-I", "-c", bootstrap, place.string(), requirement}, recipe);
  }
  const json record = {{"directory", attempt},
                       {"name", recipe.name},
                       {"version", recipe.version},
                       {"python", interpreter.program.string()}};
  ports_.files.write_atomically(layout_.tool_record(recipe.directory), record.dump(1) + "\n");
  return {.program = place / "bin" / recipe.name, .version = recipe.version};
}

bool ToolKeeper::make_by_uv(const Recipe& recipe,
                            const Interpreter& interpreter,
                            const fs::path& place,
                            const UvInstaller& uv) {
  const std::string requirement = fmt::format("{}=={}", recipe.name, recipe.version);
  const std::vector<std::vector<std::string>> commands = {
      {interpreter.program.string(), "-I", "-m", "venv", "--without-pip", place.string()},
      {uv.uv.program.string(), "pip", "install", "--python", (place / "bin/python").string(), requirement}};
  for (const std::vector<std::string>& argv : commands) {
    const FinishedProcess finished =
        run_process(ports_.processes,
                    {.argv = argv, .environment = as_strings(uv.environment), .directory = "/"},
                    listener_.output);
    if (!finished.is_fine()) {
      return false;
    }
  }
  return true;
}

void ToolKeeper::run(const std::vector<std::string>& argv, const Recipe& recipe) {
  const FinishedProcess finished = run_process(
      ports_.processes, {.argv = argv, .environment = as_strings(caller_), .directory = "/"}, listener_.output);
  if (!finished.is_fine()) {
    throw Error(ExitCode::machine,
                Diagnostic{.message = fmt::format("{} {} cannot be put into ame's tools: `pip install {}` {}",
                                                  recipe.name,
                                                  recipe.version,
                                                  argv.back(),
                                                  what_became_of(finished.end)),
                           .hint = fmt::format("see the output above; or install {} yourself and put it on PATH",
                                               recipe.name)});
  }
}

}  // namespace ame
