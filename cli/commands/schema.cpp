// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/commands.hpp"
#include "cli/session.hpp"
#include "schema/json_schema.hpp"

namespace ame::cli {

CommandSpec schema_command() {
  return {.name = "schema",
          .summary = "Print the JSON Schema of ame.yml, for editors",
          .details =
              "An editor that knows the schema completes keys, shows what they mean and underlines mistakes while one "
              "types. What depends on a tag, such as which keys an executor has, only `ame validate` checks.",
          .examples = {{"ame schema > ame.schema.json",
                        "keep it beside the project, and name it in the first line "
                        "of ame.yml: `# yaml-language-server: $schema=ame.schema.json`"}},
          .action = [](Session& session) {
            session.terminal.answer(schema::json_schema());
            return ExitCode::success;
          }};
}

}  // namespace ame::cli
