// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/commands/detect_project.hpp"
#include "cli/commands/secret_world.hpp"
#include "cli/render/doctor_text.hpp"
#include "cli/session.hpp"
#include "core/env/build_environment.hpp"
#include "core/env/cache_layout.hpp"
#include "core/error.hpp"
#include "executors/registry.hpp"

namespace ame::cli {

namespace {

struct DoctorOptions {
  bool json = false;
};

struct ToolRow {
  const char* name;
  bool is_made_by_ame;  ///< when a task wants it and it is absent
  const char* without;
};

constexpr std::array<ToolRow, 7> tools = {{{"poetry", true, "made by ame when a task wants it"},
                                           {"pipenv", true, "made by ame when a task wants it"},
                                           {"mlflow", true, "made by ame when a task wants it"},
                                           {"uv", true, "made by ame when a task wants it"},
                                           {"git", false, "only projects imported from git need it"},
                                           {"podman", false, "only tasks with an image need it, or docker"},
                                           {"docker", false, "only tasks with an image need it, or podman"}}};

std::vector<Finding> examine_pythons(Session& session) {
  Ports& ports = session.ports;
  const auto found =
      find_pythons(ports.environment_settings(), {ports.files(), ports.processes(), ports.locks(), ports.clock()});
  std::vector<Finding> findings;
  for (const Interpreter& python : found) {
    const std::string missing = python.makes_venvs ? "" : ", cannot make virtual environments (no venv or ensurepip)";
    findings.push_back({.name = python.version.text(),
                        .health = python.makes_venvs ? Health::good : Health::lacking,
                        .detail = fmt::format("{} ({}){}", python.program.string(), python.origin, missing)});
  }
  if (findings.empty()) {
    findings.push_back(
        {.name = "none",
         .health = Health::lacking,
         .detail = "only `!custom` tasks can run; `uv python install` or the system's packages give one"});
  }
  return findings;
}

std::optional<std::filesystem::path> find_program(Session& session, const std::string& name) {
  constexpr std::uint32_t executable = 0111;
  for (const auto& directory : program_directories(session.environment)) {
    std::filesystem::path path = directory / name;
    const FileStatus status = session.ports.files().status(path);
    if (status.kind == FileKind::regular && (status.mode & executable) != 0) {
      return path;
    }
  }
  return std::nullopt;
}

/// What ame made itself, such as "poetry-2.1.4".
std::optional<std::filesystem::path> find_made(Session& session, const std::string& name) {
  const CacheLayout layout(session.ports.environment_settings().cache);
  const std::filesystem::path folder = layout.tool(name).parent_path();
  for (const std::string& made : session.ports.files().list(folder)) {
    if (made.starts_with(name + "-")) {
      return folder / made;
    }
  }
  return std::nullopt;
}

Finding examine_tool(const ToolRow& row, Session& session) {
  if (const auto path = find_program(session, row.name)) {
    return {.name = row.name, .health = Health::good, .detail = path->string()};
  }
  const auto made = row.is_made_by_ame ? find_made(session, row.name) : std::nullopt;
  if (made) {
    return {.name = row.name, .health = Health::good, .detail = made->string() + " (made by ame)"};
  }
  return {.name = row.name, .health = Health::lacking, .detail = row.without};
}

std::vector<Finding> examine_executors(const std::vector<Finding>& pythons) {
  const bool has_python = std::ranges::count(pythons, Health::good, &Finding::health) != 0;
  std::vector<Finding> findings;
  for (const executors::ExecutorStrategy* const executor : executors::all_executors()) {
    const bool is_ready = has_python || executor->tag() == "custom";
    findings.push_back({.name = fmt::format("!{}", executor->tag()),
                        .health = is_ready ? Health::good : Health::lacking,
                        .detail = is_ready ? std::string(executor->description()) : "needs a Python"});
  }
  return findings;
}

/// A directory ame writes to, tried by writing.
Finding examine_place(const std::string& name, const std::filesystem::path& directory, Session& session) {
  FileSystem& files = session.ports.files();
  const std::filesystem::path probe = directory / ".doctor";
  try {
    files.make_directories(directory);
    files.write_atomically(probe, "");
    files.remove_all(probe);
  } catch (const Error& error) {
    return {.name = name, .health = Health::broken, .detail = error.what()};
  }
  const std::int64_t room = session.ports.machine().resources(directory).free_storage;
  return {
      .name = name, .health = Health::good, .detail = fmt::format("{}, {} free", directory.string(), size_text(room))};
}

/// Where the secret store is and what opens it. Asks for no key.
Finding examine_secrets(Session& session) {
  try {
    return {.name = "secrets", .health = Health::good, .detail = SecretWorld(session).protection()};
  } catch (const Error& error) {
    return {.name = "secrets", .health = Health::broken, .detail = error.what()};
  }
}

/// Which executor the directory at hand would have.
std::vector<Finding> examine_project(Session& session) {
  const DetectedProject project = detect_project(session.ports.files(), session.directory);
  if (project.because.empty()) {
    return {};
  }
  const std::string advice = project.remark.empty() ? "" : "; " + project.remark;
  return {{.name = "!" + project.executor, .health = Health::good, .detail = "has " + project.because + advice}};
}

ExitCode doctor(const DoctorOptions& options, Session& session) {
  Examination found;
  found.places = {examine_place("runs", session.ports.state_directory(), session),
                  examine_place("cache", session.ports.environment_settings().cache, session),
                  examine_secrets(session)};
  const bool is_broken = std::ranges::count(found.places, Health::broken, &Finding::health) != 0;
  if (!is_broken) {
    found.pythons = examine_pythons(session);  // remembered in the cache
  }
  for (const ToolRow& row : tools) {
    found.tools.push_back(examine_tool(row, session));
  }
  found.executors = examine_executors(found.pythons);
  found.project = examine_project(session);
  session.terminal.answer(options.json ? doctor_json(found) : doctor_text(found, session.terminal.answer_paint()));
  return is_broken ? ExitCode::machine : ExitCode::success;
}

}  // namespace

CommandSpec doctor_command() {
  const auto options = std::make_shared<DoctorOptions>();
  return {.name = "doctor",
          .summary = "Show what this machine has and lacks for each executor",
          .details = "Exit code 4 when ame cannot keep runs or environments here.",
          .options = {{"--json", &options->json, "", "Print JSON", {}}},
          .examples = {{"ame doctor", "which Pythons and tools are found, and where"}},
          .action = [options](Session& session) { return doctor(*options, session); }};
}

}  // namespace ame::cli
