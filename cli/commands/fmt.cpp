// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/commands/open_project.hpp"
#include "cli/commands/rewrite.hpp"
#include "cli/render/diagnostic.hpp"
#include "core/text_diff.hpp"
#include "schema/format/format.hpp"

namespace ame::cli {

namespace {

struct FmtOptions {
  std::string file;
  bool check = false;
  bool fix = false;
  bool diff = false;
};

ExitCode fmt_file(const FmtOptions& options, Session& session) {
  if (!options.file.empty()) {
    session.options.file = options.file;
  }
  const SourceText source = source_to_rewrite(session);
  const schema::Slips slips = options.fix ? schema::Slips::repair : schema::Slips::refuse;
  const schema::FormatResult result = schema::format_project_text(source, {.slips = slips});
  for (const schema::Repair& repair : result.repairs) {
    session.terminal.remark(fmt::format("{}:{}: {}\n", source.file, repair.line, repair.what));
  }
  if (!result.warnings.empty()) {
    session.terminal.say(diagnostics_text(result.warnings, session.terminal.say_paint()));
  }
  if (options.check || options.fix || options.diff) {
    session.terminal.answer(
        unified_diff(source.text, result.text, {.before = source.file, .after = source.file + ", in its usual form"}));
  }
  const bool is_usual = result.text == source.text;
  if (options.check || options.diff) {
    return options.check && !is_usual ? ExitCode::bad_project : ExitCode::success;
  }
  if (!is_usual) {
    rewrite_project_file(session, result.text);
  }
  session.terminal.remark(
      fmt::format("{} {}\n", source.file, is_usual ? "is in its usual form" : "is now in its usual form"));
  return ExitCode::success;
}

}  // namespace

CommandSpec fmt_command() {
  const auto options = std::make_shared<FmtOptions>();
  return {
      .name = "fmt",
      .summary = "Write an ame.yml in its usual form",
      .details =
          "Keys and tags get their usual spelling, levels two blanks, and texts that other readers of YAML "
          "would take for something else quotes. Comments, order and meaning stay.",
      .options = {{"--check", &options->check, "", "Change nothing; show what would, and exit with 3 if anything", {}},
                  {"--fix", &options->fix, "", "Repair slips that keep it from being YAML; show what changes", {}},
                  {"--diff", &options->diff, "", "Change nothing; show what would", {}}},
      .arguments = {{"FILE", &options->file, "The file (default: the nearest ame.yml)"}},
      .examples = {{"ame fmt", "rewrite the nearest ame.yml"},
                   {"ame fmt --check", "for CI: exit code 3 when it is not in its usual form"},
                   {"ame fmt --fix", "repair tabs, wrong indentation and schedules without quotes"}},
      .action = [options](Session& session) { return fmt_file(*options, session); }};
}

}  // namespace ame::cli
