// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/commands/known_secret.hpp"
#include "cli/commands/secret_world.hpp"
#include "core/error.hpp"

namespace ame::cli {

namespace {

struct SecretRemoveOptions {
  std::vector<std::string> keys;
};

struct SecretRenameOptions {
  std::string from;
  std::string to;
  bool force = false;
};

ExitCode secret_remove(const SecretRemoveOptions& options, Session& session) {
  SecretWorld world(session);
  for (const std::string& key : options.keys) {
    if (!world.store().find(key)) {
      throw no_such_secret(world.store(), key);  // before any is gone
    }
  }
  for (const std::string& key : options.keys) {
    world.store().remove(key);
    session.terminal.remark(fmt::format("removed `{}`\n", key));
  }
  return ExitCode::success;
}

ExitCode secret_rename(const SecretRenameOptions& options, Session& session) {
  if (!is_secret_key(options.to)) {
    throw Error(ExitCode::usage,
                Diagnostic{.message = fmt::format("`{}` cannot be the key of a secret", options.to),
                           .hint = "a key has letters, digits, `_`, `-` and `.`, and `/` between its parts"});
  }
  SecretWorld world(session);
  const IfPresent if_present = options.force ? IfPresent::replace : IfPresent::keep;
  switch (world.store().rename(options.from, options.to, if_present)) {
    case StoreResult::absent:
      throw no_such_secret(world.store(), options.from);
    case StoreResult::kept:
      throw Error(
          ExitCode::usage,
          Diagnostic{.message = fmt::format("the secret `{}` is there already; nothing was renamed", options.to),
                     .hint = "`--force` puts the other one in its place"});
    case StoreResult::stored:
      break;
  }
  session.terminal.remark(fmt::format("renamed `{}` to `{}`\n", options.from, options.to));
  return ExitCode::success;
}

}  // namespace

CommandSpec secret_remove_command() {
  const auto options = std::make_shared<SecretRemoveOptions>();
  return {.name = "remove",
          .summary = "Remove stored secrets",
          .arguments = {{"KEY", &options->keys, "Secrets to remove", true}},
          .examples = {{"ame secret remove storage/key", "forget this secret"}},
          .action = [options](Session& session) { return secret_remove(*options, session); },
          .aliases = {"rm"}};
}

CommandSpec secret_rename_command() {
  const auto options = std::make_shared<SecretRenameOptions>();
  return {.name = "rename",
          .summary = "Give a stored secret another key",
          .details =
              "Its value and the time it was made stay as they are. Tasks that ask for the old key do not find it any "
              "more.",
          .options = {{"--force", &options->force, "", "Replace a secret that has the new key", {}}},
          .arguments = {{"FROM", &options->from, "Key of the secret", true}, {"TO", &options->to, "Its new key", true}},
          .examples = {{"ame secret rename token ci/token", "the same value under another key"}},
          .action = [options](Session& session) { return secret_rename(*options, session); }};
}

}  // namespace ame::cli
