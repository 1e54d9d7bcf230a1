// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/commands/open_project.hpp"
#include "cli/commands/secret_world.hpp"
#include "cli/render/prompt.hpp"
#include "core/error.hpp"
#include "core/secrets/local_providers.hpp"

namespace ame::cli {

namespace {

constexpr std::size_t largest_value = 1ULL << 20U;

struct SecretAddOptions {
  std::string key;
  std::string from_file;
  std::string from_env;
  bool exact = false;
  bool force = false;
  StoreWishes store;
};

[[noreturn]] void refuse(ExitCode code, std::string message, std::string hint = {}) {
  throw Error(code, Diagnostic{.message = std::move(message), .hint = std::move(hint)});
}

bool is_typed(const SecretAddOptions& options, Session& session) {
  return options.from_file.empty() && options.from_env.empty() && session.terminal.console().can_ask();
}

SecretText answer_or_leave(std::optional<SecretText> answer) {
  if (!answer) {
    refuse(ExitCode::interrupted, "interrupted");
  }
  return std::move(*answer);
}

std::string key_of(const SecretAddOptions& options, Session& session) {
  std::string key = options.key;
  if (key.empty()) {
    if (!session.terminal.console().can_ask()) {
      refuse(ExitCode::usage,
             "`ame secret add` needs KEY where nobody can be asked",
             "`ame secret add KEY < FILE` stores what the file holds");
    }
    Prompt prompt(session.terminal);
    key = answer_or_leave(prompt.ask("key: ", Echo::shown)).reveal();
  }
  if (!is_secret_key(key)) {
    refuse(ExitCode::usage,
           fmt::format("`{}` cannot be the key of a secret", key),
           "a key has letters, digits, `_`, `-` and `.`, and `/` between its parts");
  }
  return key;
}

SecretText typed_value(const std::string& key, Session& session) {
  Prompt prompt(session.terminal);
  SecretText value = answer_or_leave(prompt.ask(fmt::format("value of {}: ", key), Echo::hidden));
  const SecretText again = answer_or_leave(prompt.ask("the same again: ", Echo::hidden));
  if (!value.same_as(again)) {
    refuse(ExitCode::usage,
           "the two values differ; nothing was stored",
           "a value of several lines comes from a file: `--from-file FILE`");
  }
  return value;
}

SecretText value_in_environment(const std::string& name, Session& session) {
  const auto found = session.environment.find(name);
  if (found == session.environment.end()) {
    refuse(ExitCode::usage, fmt::format("the variable {} is not set", name));
  }
  return SecretText(found->second);
}

SecretText value_in_file(const std::string& name, Session& session) {
  const std::filesystem::path file = session.directory / name;
  auto content = session.ports.files().read(file, largest_value);
  if (!content) {
    refuse(ExitCode::usage, fmt::format("there is no file `{}`", shown_path(session, file)));
  }
  SecretText value(*content);
  wipe(*content);
  return value;
}

/// What echo and editors put behind a value of one line is not meant.
SecretText without_stray_line_end(SecretText value, const SecretAddOptions& options, Session& session) {
  const std::string_view bytes = value.reveal();
  const std::string_view line = without_line_end(bytes);
  if (options.exact || line.size() == bytes.size() || line.find('\n') != std::string_view::npos) {
    return value;
  }
  session.terminal.remark("the line end behind the value was left out; `--exact` keeps it\n");
  return SecretText(line);
}

SecretText value_of(const SecretAddOptions& options, const std::string& key, Session& session) {
  if (is_typed(options, session)) {
    return typed_value(key, session);
  }
  if (!options.from_env.empty()) {
    return value_in_environment(options.from_env, session);
  }
  SecretText value = options.from_file.empty() ? session.terminal.console().read_input(largest_value)
                                               : value_in_file(options.from_file, session);
  return without_stray_line_end(std::move(value), options, session);
}

void require_storable(const SecretText& value) {
  if (value.empty()) {
    refuse(ExitCode::usage, "the value is empty; nothing was stored");
  }
  if (value.size() > largest_value) {
    refuse(ExitCode::usage, "the value is longer than 1 MiB; nothing was stored");
  }
  if (value.reveal().find('\0') != std::string_view::npos) {
    refuse(ExitCode::usage,
           "the value has a NUL byte; nothing was stored",
           "store it in base64 and let the task decode it");
  }
}

void refuse_existing(const std::string& key) {
  refuse(ExitCode::usage,
         fmt::format("the secret `{}` is there already; nothing was stored", key),
         "`--force` replaces its value");
}

ExitCode secret_add(const SecretAddOptions& options, Session& session) {
  if (!options.from_file.empty() && !options.from_env.empty()) {
    refuse(ExitCode::usage, "`--from-file` and `--from-env` exclude each other");
  }
  SecretWorld world(session, options.store);
  const std::string key = key_of(options, session);
  const bool is_new_store = world.store().ways_in().empty();
  if (is_typed(options, session) && !options.force && world.store().find(key)) {
    refuse_existing(key);  // before a person types for nothing
  }
  const SecretText value = value_of(options, key, session);
  require_storable(value);
  const IfPresent if_present = options.force ? IfPresent::replace : IfPresent::keep;
  if (world.store().put(key, value, if_present) == StoreResult::kept) {
    refuse_existing(key);
  }
  session.terminal.remark(fmt::format("stored `{}`\n", key));
  if (is_new_store) {
    session.terminal.remark(fmt::format("made the secret store {}\n", world.protection()));
  }
  return ExitCode::success;
}

}  // namespace

CommandSpec secret_add_command() {
  const auto options = std::make_shared<SecretAddOptions>();
  return {
      .name = "add",
      .summary = "Store a secret",
      .details =
          "On a terminal you are asked for the value, twice and without an echo. Otherwise it is read from standard "
          "input. No option takes the value itself: everybody on the machine can see the options of a program. A "
          "line end behind a value of one line is left out.",
      .options = {{"--from-file", &options->from_file, "FILE", "Take the value from a file", {}},
                  {"--from-env", &options->from_env, "VARIABLE", "Take the value from a variable", {}},
                  {"--exact", &options->exact, "", "Keep a line end behind the value", {}},
                  {"--force", &options->force, "", "Replace a value that is there", {}},
                  {"--protect",
                   &options->store.protect,
                   "METHOD",
                   "What locks the store, when this makes it",
                   {"keyring", "key-file", "passphrase"}},
                  {"--key-file", &options->store.key_file, "FILE", "Where the key of a new store goes", {}}},
      .arguments = {{"KEY", &options->key, "Name of the secret, as `!ame` secrets have it in `key`"}},
      .examples = {{"ame secret add", "asks for the key and the value"},
                   {"ame secret add storage/key --from-file key.pem", "stores what the file holds"},
                   {"vault-cli read token | ame secret add token --force",
                    "replaces a value by what a program prints"}},
      .action = [options](Session& session) { return secret_add(*options, session); },
      .aliases = {"create"}};
}

}  // namespace ame::cli
