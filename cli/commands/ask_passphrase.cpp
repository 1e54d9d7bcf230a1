// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/ask_passphrase.hpp"

#include <utility>

#include <fmt/format.h>

#include "cli/commands/open_project.hpp"
#include "cli/render/prompt.hpp"
#include "core/error.hpp"
#include "core/secrets/machine_keys.hpp"

namespace ame::cli {

namespace {

constexpr std::uint64_t largest_passphrase_file = 64ULL << 10U;

SecretText require_some(SecretText passphrase) {
  if (passphrase.empty()) {
    throw Error(ExitCode::machine, Diagnostic{.message = "the passphrase is empty"});
  }
  return passphrase;
}

SecretText passphrase_in(Session& session, const std::string& name) {
  const std::filesystem::path file = session.directory / name;
  require_private(session.ports.files(), file);
  auto content = session.ports.files().read(file, largest_passphrase_file);
  if (!content) {
    throw Error(ExitCode::machine,
                Diagnostic{.message = fmt::format("the passphrase file `{}` is not there", shown_path(session, file))});
  }
  const std::string_view line = std::string_view(*content).substr(0, content->find_first_of("\r\n"));
  SecretText passphrase(line);
  wipe(*content);
  return require_some(std::move(passphrase));
}

SecretText require_answer(std::optional<SecretText> answer) {
  if (!answer) {
    throw Error(ExitCode::interrupted, Diagnostic{.message = "interrupted"});
  }
  return std::move(*answer);
}

void require_person(Session& session, const PassphraseWish& wish) {
  if (!session.terminal.console().can_ask()) {
    throw Error(ExitCode::machine,
                Diagnostic{.message = fmt::format("{} wants a passphrase, and nobody can be asked", wish.subject),
                           .hint = wish.other_way});
  }
}

}  // namespace

SecretText ask_passphrase(Session& session, const PassphraseWish& wish) {
  if (!wish.file.empty()) {
    return passphrase_in(session, wish.file);
  }
  require_person(session, wish);
  Prompt prompt(session.terminal);
  return require_some(require_answer(prompt.ask(fmt::format("passphrase of {}: ", wish.subject), Echo::hidden)));
}

SecretText choose_passphrase(Session& session, const PassphraseWish& wish) {
  if (!wish.file.empty()) {
    return passphrase_in(session, wish.file);
  }
  require_person(session, wish);
  Prompt prompt(session.terminal);
  SecretText first =
      require_some(require_answer(prompt.ask(fmt::format("new passphrase of {}: ", wish.subject), Echo::hidden)));
  const SecretText second = require_answer(prompt.ask("the same again: ", Echo::hidden));
  if (!first.same_as(second)) {
    throw Error(ExitCode::machine, Diagnostic{.message = "the two passphrases differ; nothing was changed"});
  }
  return first;
}

}  // namespace ame::cli
