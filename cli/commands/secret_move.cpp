// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "cli/commands/ask_passphrase.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/open_project.hpp"
#include "cli/commands/secret_world.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

struct SecretRotateOptions {
  StoreWishes store;
};

struct SecretFileOptions {
  std::string file;
  std::string passphrase_file;
  bool force = false;
  StoreWishes store;
};

PassphraseWish wish_of(const SecretFileOptions& options) {
  return {.subject = fmt::format("`{}`", options.file),
          .file = options.passphrase_file,
          .other_way = "name a file that holds it: `--passphrase-file FILE`"};
}

ExitCode secret_rotate(const SecretRotateOptions& options, Session& session) {
  SecretWorld world(session, options.store);
  const auto method = options.store.protect.empty() && !options.store.key_file.empty()
                          ? std::optional(UnlockMethod::key_file)
                          : unlock_method_of(options.store.protect);
  world.store().rotate(method);
  session.terminal.remark(fmt::format("the secret store has a new key: {}\n", world.protection()));
  return ExitCode::success;
}

ExitCode secret_export(const SecretFileOptions& options, Session& session) {
  SecretWorld world(session);
  const std::filesystem::path file = session.directory / options.file;
  FileSystem& files = session.ports.files();
  if (files.status(file).kind != FileKind::missing && !options.force) {
    throw Error(ExitCode::usage,
                Diagnostic{.message = fmt::format("`{}` is there already; nothing was written", options.file),
                           .hint = "`--force` replaces it"});
  }
  const std::size_t count = world.store().list().size();
  const SecretText passphrase = choose_passphrase(session, wish_of(options));
  files.write_atomically(file, world.store().exported(passphrase, PassphraseCost{}), FileMode::owner_only);
  session.terminal.remark(
      fmt::format("wrote {} to `{}`, locked with the passphrase\n", counted(count, "secret"), options.file));
  return ExitCode::success;
}

ExitCode secret_import(const SecretFileOptions& options, Session& session) {
  SecretWorld world(session, options.store);
  const std::filesystem::path file = session.directory / options.file;
  const auto content = session.ports.files().read(file, largest_secret_file);
  if (!content) {
    throw Error(ExitCode::usage, Diagnostic{.message = fmt::format("there is no file `{}`", options.file)});
  }
  const SecretText passphrase = ask_passphrase(session, wish_of(options));
  const IfPresent if_present = options.force ? IfPresent::replace : IfPresent::keep;
  const ImportReport report = world.store().import(*content, options.file, passphrase, if_present);
  session.terminal.remark(fmt::format("stored {}\n", counted(report.stored.size(), "secret")));
  if (!report.kept.empty()) {
    session.terminal.say(fmt::format("not replaced without `--force`: {}\n", all_of(report.kept)));
  }
  return ExitCode::success;
}

}  // namespace

CommandSpec secret_rotate_command() {
  const auto options = std::make_shared<SecretRotateOptions>();
  return {.name = "rotate",
          .summary = "Lock the secret store with a new key",
          .details =
              "Everything is encrypted anew; the key that was in use opens nothing any more. Copies of the store "
              "that were made before stay open to the old key.",
          .options = {{"--protect",
                       &options->store.protect,
                       "METHOD",
                       "What locks it from now on; default: as before",
                       {"keyring", "key-file", "passphrase"}},
                      {"--key-file", &options->store.key_file, "FILE", "Where the new key goes", {}}},
          .examples = {{"ame secret rotate", "a new key of the same kind"},
                       {"ame secret rotate --protect passphrase", "from now on a passphrase opens it"}},
          .action = [options](Session& session) { return secret_rotate(*options, session); }};
}

CommandSpec secret_export_command() {
  const auto options = std::make_shared<SecretFileOptions>();
  return {.name = "export",
          .summary = "Write all secrets to an encrypted file for another machine",
          .options = {{"--passphrase-file", &options->passphrase_file, "FILE", "Take the passphrase from a file", {}},
                      {"--force", &options->force, "", "Replace a file that is there", {}}},
          .arguments = {{"FILE", &options->file, "File to write", true}},
          .examples = {{"ame secret export secrets.ame", "asks for a passphrase and writes the file"}},
          .action = [options](Session& session) { return secret_export(*options, session); }};
}

CommandSpec secret_import_command() {
  const auto options = std::make_shared<SecretFileOptions>();
  return {.name = "import",
          .summary = "Store the secrets of a file that `ame secret export` wrote",
          .options = {{"--passphrase-file", &options->passphrase_file, "FILE", "Take the passphrase from a file", {}},
                      {"--force", &options->force, "", "Replace values that are there", {}},
                      {"--protect",
                       &options->store.protect,
                       "METHOD",
                       "What locks the store, when this makes it",
                       {"keyring", "key-file", "passphrase"}},
                      {"--key-file", &options->store.key_file, "FILE", "Where the key of a new store goes", {}}},
          .arguments = {{"FILE", &options->file, "File to read", true}},
          .examples = {{"ame secret import secrets.ame", "asks for the passphrase and stores what is new"}},
          .action = [options](Session& session) { return secret_import(*options, session); }};
}

}  // namespace ame::cli
