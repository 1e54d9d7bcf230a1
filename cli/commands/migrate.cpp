// SPDX-License-Identifier: Apache-2.0
#include "schema/migrate/migrate.hpp"

#include <memory>

#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/commands/rewrite.hpp"
#include "cli/render/diagnostic.hpp"
#include "core/text.hpp"
#include "core/text_diff.hpp"

namespace ame::cli {

namespace {

struct MigrateOptions {
  std::string file;
  bool check = false;
  bool diff = false;
};

ExitCode migrate(const MigrateOptions& options, Session& session) {
  if (!options.file.empty()) {
    session.options.file = options.file;
  }
  const SourceText source = source_to_rewrite(session);
  const schema::MigrateResult result = schema::migrate_project_text(source);
  for (const schema::Migration& migration : result.migrations) {
    session.terminal.remark(fmt::format("{}:{}: {}\n", source.file, migration.line, migration.what));
  }
  if (!result.left.empty()) {
    session.terminal.say(diagnostics_text(result.left, session.terminal.say_paint()));
  }
  session.terminal.answer(
      unified_diff(source.text, result.text, {.before = source.file, .after = source.file + ", in today's form"}));
  const bool changes = !result.migrations.empty();
  if (options.check || options.diff) {
    return options.check && (changes || !result.left.empty()) ? ExitCode::bad_project : ExitCode::success;
  }
  if (changes) {
    rewrite_project_file(session, result.text);
  }
  const std::string outcome = changes ? fmt::format("is in today's form now, after {}; `ame validate` checks it",
                                                    counted(result.migrations.size(), "change"))
                                      : "has nothing of an older version that can be rewritten";
  session.terminal.remark(fmt::format("{} {}\n", source.file, outcome));
  return result.left.empty() ? ExitCode::success : ExitCode::bad_project;
}

}  // namespace

CommandSpec migrate_command() {
  const auto options = std::make_shared<MigrateOptions>();
  return {
      .name = "migrate",
      .summary = "Rewrite an ame.yml of an older version in today's form",
      .details =
          "Says what is rewritten, line by line, shows the difference, and then writes the file, in its "
          "usual form (`ame fmt`). Comments stay. What only its author can rewrite is told and left, with "
          "exit code 3.",
      .options = {{"--check", &options->check, "", "Change nothing; show what would, and exit with 3 if anything", {}},
                  {"--diff", &options->diff, "", "Change nothing; show what would", {}}},
      .arguments = {{"FILE", &options->file, "The file (default: the nearest ame.yml)"}},
      .examples = {{"ame migrate --diff", "see first what would change"},
                   {"ame migrate old/ame.yaml", "rewrite that file"}},
      .action = [options](Session& session) { return migrate(*options, session); }};
}

}  // namespace ame::cli
