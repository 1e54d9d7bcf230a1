// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/commands/known_secret.hpp"
#include "cli/commands/secret_world.hpp"
#include "core/error.hpp"

namespace ame::cli {

namespace {

struct SecretGetOptions {
  std::string key;
  bool reveal = false;
};

ExitCode secret_get(const SecretGetOptions& options, Session& session) {
  if (!options.reveal) {
    throw Error(ExitCode::usage,
                Diagnostic{.message = "`ame secret get` shows the value, and only with `--reveal`",
                           .hint = "`ame secret list` shows what is stored without values"});
  }
  const Console& console = session.terminal.console();
  if (!console.is_terminal(OutputStream::standard_output)) {
    throw Error(ExitCode::usage,
                Diagnostic{.message = "`ame secret get` shows values on a terminal alone, not in files or pipes",
                           .hint = "a task gets it with `injectAs`"});
  }
  SecretWorld world(session);
  const auto value = world.store().find(options.key);
  if (!value) {
    throw no_such_secret(world.store(), options.key);
  }
  session.terminal.answer(value->reveal());
  session.terminal.answer("\n");
  return ExitCode::success;
}

}  // namespace

CommandSpec secret_get_command() {
  const auto options = std::make_shared<SecretGetOptions>();
  return {.name = "get",
          .summary = "Show the value of a stored secret on the terminal",
          .options = {{"--reveal", &options->reveal, "", "Yes, show it", {}}},
          .arguments = {{"KEY", &options->key, "Key of the secret", true}},
          .examples = {{"ame secret get token --reveal", "show the value, if this is a terminal"}},
          .action = [options](Session& session) { return secret_get(*options, session); }};
}

}  // namespace ame::cli
