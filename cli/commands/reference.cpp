// SPDX-License-Identifier: Apache-2.0
#include "cli/app.hpp"
#include "cli/commands/commands.hpp"
#include "cli/render/help.hpp"

namespace ame::cli {

CommandSpec reference_command() {
  return {.name = "reference", .summary = "Print docs/cli.md", .action = [](Session& session) {
            GlobalOptions options;
            session.terminal.answer(reference_text(all_commands(options)));
            return ExitCode::success;
          }};
}

}  // namespace ame::cli
