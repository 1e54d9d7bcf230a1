// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/commands/open_project.hpp"
#include "cli/commands/scheduled_tasks.hpp"
#include "cli/render/diagnostic.hpp"
#include "cli/render/json.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

struct ValidateOptions {
  bool strict = false;
  bool lenient = false;
  bool json = false;
};

/// What is wrong with a file is the answer of this command, not its failure.
struct Verdict {
  std::filesystem::path file;
  ExitCode code = ExitCode::success;
  std::size_t tasks = 0;
  std::vector<Diagnostic> diagnostics;
};

/// Another machine may know a zone that this one does not.
void check_time_zones(const Project& project, bool strict, Verdict& verdict, const Session& session) {
  for (const auto& task : scheduled_tasks(project)) {
    if (zone_of(*task, session.ports.time_zones()) == nullptr) {
      Diagnostic diagnostic = unknown_zone(*task, session.ports.time_zones());
      diagnostic.severity = strict ? Severity::error : Severity::warning;
      verdict.code = strict ? ExitCode::bad_project : verdict.code;
      verdict.diagnostics.push_back(std::move(diagnostic));
    }
  }
}

Verdict judge(const ValidateOptions& options, Session& session) {
  schema::LoadOptions how = load_options(session);
  how.strict = options.strict;
  how.lenient = options.lenient;
  Verdict verdict;
  try {
    verdict.file = project_file(session);
    schema::LoadedProject loaded = schema::load_project(session.ports.files(), verdict.file, how);
    verdict.tasks = loaded.project.tasks.size();
    verdict.diagnostics = std::move(loaded.warnings);
    check_time_zones(loaded.project, options.strict, verdict, session);
  } catch (const Error& error) {
    verdict.code = error.code();
    verdict.diagnostics = error.diagnostics();
  }
  return verdict;
}

ExitCode validate(const ValidateOptions& options, Session& session) {
  const Verdict verdict = judge(options, session);
  if (options.json) {
    session.terminal.answer(validation_json(shown_path(session, verdict.file), verdict.diagnostics));
    return verdict.code;
  }
  if (!verdict.diagnostics.empty()) {
    session.terminal.say(diagnostics_text(verdict.diagnostics, session.terminal.say_paint()));
  }
  if (verdict.code == ExitCode::success && session.terminal.talk() != Talk::quiet) {
    session.terminal.answer(
        fmt::format("{} is valid: {}\n", shown_path(session, verdict.file), counted(verdict.tasks, "task")));
  }
  return verdict.code;
}

}  // namespace

CommandSpec validate_command() {
  const auto options = std::make_shared<ValidateOptions>();
  return {
      .name = "validate",
      .summary = "Check an ame.yml without running anything",
      .details = "All mistakes are shown at once, each with its place. Nothing is installed, and no network is used.",
      .options = {{"--strict", &options->strict, "", "Warnings and older spellings are errors", {}},
                  {"--lenient", &options->lenient, "", "Unknown keys are warnings", {}},
                  {"--json", &options->json, "", "Print the diagnostics as JSON", {}}},
      .examples = {{"ame validate", "check the nearest ame.yml; exit code 3 when it has mistakes"},
                   {"ame validate -f ci/ame.yml --strict", "check a given file, warnings included"}},
      .action = [options](Session& session) { return validate(*options, session); }};
}

}  // namespace ame::cli
