// SPDX-License-Identifier: Apache-2.0
#include "core/env/tool_keeper.hpp"

#include <algorithm>
#include <array>
#include <cctype>
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

const KnownTool& known_tool(const std::string& name) {
  const auto* const found = std::find_if(
      known_tools.begin(), known_tools.end(), [&name](const KnownTool& tool) { return name == tool.name; });
  if (found == known_tools.end()) {
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

}  // namespace

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

Tool ToolKeeper::find_or_make(const ToolRequest& wanted, const std::vector<Interpreter>& interpreters) {
  if (std::optional<Tool> found = find_on_path(wanted)) {
    return *found;
  }
  const KnownTool& known = known_tool(wanted.name);
  const std::string version = wanted.version.empty() ? known.version : wanted.version;
  const Recipe recipe{.name = wanted.name, .version = version, .directory = fmt::format("{}-{}", wanted.name, version)};
  if (std::optional<Tool> made = find_made(recipe.directory, recipe.name)) {
    return *made;
  }
  const Interpreter& interpreter = interpreter_for(known, interpreters);
  const auto lock = wait_for_lock(layout_.lock("tool-" + recipe.directory), recipe.name, ports_, listener_);
  if (std::optional<Tool> made = find_made(recipe.directory, recipe.name)) {
    return *made;
  }
  return make(recipe, interpreter);
}

std::optional<Tool> ToolKeeper::find_on_path(const ToolRequest& wanted) {
  constexpr unsigned executable = 0111;
  for (const fs::path& directory : program_directories(caller_)) {
    const fs::path program = directory / wanted.name;
    const FileStatus status = ports_.files.status(program);
    if (status.kind != FileKind::regular || (status.mode & executable) == 0) {
      continue;
    }
    const FinishedProcess answer =
        run_process(ports_.processes,
                    {.argv = {program.string(), "--version"}, .environment = as_strings(caller_), .directory = "/"});
    const std::string version = answer.is_fine() ? version_in(answer.output) : std::string();
    if (!version.empty() && is_version(version, wanted.version)) {
      return Tool{.program = program, .version = version};
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

Tool ToolKeeper::make(const Recipe& recipe, const Interpreter& interpreter) {
  listener_.progress(fmt::format("getting {} {} (once, for every project)", recipe.name, recipe.version));
  const fs::path home = layout_.tool(recipe.directory);
  remove_attempts(ports_.files, home, "");
  ports_.files.make_directories(home);
  const std::string attempt = new_attempt(ports_.clock);
  const fs::path place = home / attempt;
  run({interpreter.program.string(), "-m", "venv", place.string()}, recipe);
  run({(place / "bin/python").string(),
       "-m",
       "pip",
       "install",
       "--no-input",
       "--disable-pip-version-check",
       "--quiet",
       fmt::format("{}=={}", recipe.name, recipe.version)},
      recipe);
  const json record = {{"directory", attempt},
                       {"name", recipe.name},
                       {"version", recipe.version},
                       {"python", interpreter.program.string()}};
  ports_.files.write_atomically(layout_.tool_record(recipe.directory), record.dump(1) + "\n");
  return {.program = place / "bin" / recipe.name, .version = recipe.version};
}

void ToolKeeper::run(const std::vector<std::string>& argv, const Recipe& recipe) {
  const FinishedProcess finished = run_process(
      ports_.processes, {.argv = argv, .environment = as_strings(caller_), .directory = "/"}, listener_.output);
  if (!finished.is_fine()) {
    throw Error(
        ExitCode::machine,
        Diagnostic{
            .message = fmt::format("{} {} cannot be put into ame's tools: `{}` {}",
                                   recipe.name,
                                   recipe.version,
                                   fs::path(argv.front()).filename().string() + " " + argv.at(1) + " " + argv.at(2),
                                   what_became_of(finished.end)),
            .hint = fmt::format("see the output above; or install {} yourself and put it on PATH", recipe.name)});
  }
}

std::string version_in(std::string_view text) {
  const auto is_digit = [](char letter) { return std::isdigit(static_cast<unsigned char>(letter)) != 0; };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool starts =
        is_digit(text[at]) && (at == 0 || text[at - 1] == ' ' || text[at - 1] == '(' || text[at - 1] == 'v');
    const std::size_t end = std::min(text.find_first_of(" )\n\r,", at), text.size());
    if (starts && text.substr(at, end - at).find('.') != std::string_view::npos) {
      return std::string(text.substr(at, end - at));
    }
  }
  return {};
}

bool is_version(std::string_view version, std::string_view wanted) {
  return version.starts_with(wanted) &&
         (wanted.empty() || version.size() == wanted.size() || version[wanted.size()] == '.');
}

}  // namespace ame
