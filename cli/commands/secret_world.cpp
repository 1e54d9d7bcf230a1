// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/secret_world.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "cli/commands/ask_passphrase.hpp"
#include "cli/commands/known_vaults.hpp"
#include "cli/commands/open_project.hpp"
#include "core/error.hpp"
#include "core/secrets/command_provider.hpp"
#include "core/secrets/local_providers.hpp"
#include "core/secrets/machine_keys.hpp"
#include "core/secrets/vault_provider.hpp"

namespace ame::cli {

namespace {

constexpr const char* passphrase_file_variable = "AME_SECRET_PASSPHRASE_FILE";
constexpr const char* key_file_variable = "AME_SECRET_KEY_FILE";

KeySettings key_settings(Session& session, const StoreWishes& wishes) {
  const auto from_here = [&](const std::string& file) {
    return file.empty() ? std::filesystem::path() : (session.directory / file).lexically_normal();
  };
  return {.directory = session.ports.state_directory() / "secrets",
          .key_file = from_here(session.variable(key_file_variable)),
          .new_key_file = from_here(wishes.key_file),
          .has_passphrase_file = !session.variable(passphrase_file_variable).empty(),
          .wanted = unlock_method_of(wishes.protect)};
}

AskPassphrase passphrases_of(Session& session) {
  return [&session](PassphraseUse use) {
    const PassphraseWish wish{.subject = "the secret store",
                              .file = session.variable(passphrase_file_variable),
                              .other_way = fmt::format("name a file that holds it in {}", passphrase_file_variable)};
    return use == PassphraseUse::open ? ask_passphrase(session, wish) : choose_passphrase(session, wish);
  };
}

}  // namespace

struct SecretWorld::Keys {
  Keys(Session& session, const StoreWishes& wishes)
      : keyring({session.ports.processes(), session.ports.files(), session.ports.clock()},
                {.environment = session.environment,
                 .memory_directory = [&session] { return session.ports.memory_directory(); }}),
        machine(session.ports.files(), keyring, passphrases_of(session), key_settings(session, wishes)) {}

  Keyring keyring;
  MachineKeys machine;
};

struct SecretWorld::Providers {
  Providers(Session& session, FileSecretStore& secret_store, const Project& project)
      : store(secret_store),
        environment(session.environment),
        file(session.ports.files(), project.directory),
        command({session.ports.processes(), session.ports.clock()}, session.environment, project.directory),
        vault(known_vaults(session, &project), vault_ports(session), shown_path(session, user_config_file(session))) {}

  [[nodiscard]] SecretProviders all() {
    return {.ame = &store, .vault = &vault, .env = &environment, .file = &file, .command = &command};
  }

  StoreProvider store;
  EnvironmentProvider environment;
  FileProvider file;
  CommandProvider command;
  VaultProvider vault;
};

SecretWorld::SecretWorld(Session& session, const StoreWishes& wishes)
    : session_(session),
      keys_(std::make_unique<Keys>(session, wishes)) {
  session.ports.hide_memory();
}

SecretWorld::~SecretWorld() = default;

FileSecretStore& SecretWorld::store() {
  if (!store_) {
    Ports& ports = session_.ports;
    store_.emplace(secret_store_file(session_),
                   FileSecretStore::Ports{ports.files(), ports.locks(), ports.clock(), keys_->machine});
  }
  return *store_;
}

std::string SecretWorld::protection() {
  std::string text;
  for (const KeyStanza& stanza : store().ways_in()) {
    text += (text.empty() ? "" : " or ") + keys_->machine.place_of(stanza);
  }
  return text.empty() ? fmt::format("none yet; it would be locked with {}", place_words_of(keys_->machine.preferred()))
                      : fmt::format("{}, locked with {}", store().file().string(), text);
}

RunSecrets SecretWorld::of_run(const Project& project, const TaskGraph& graph) {
  providers_ = std::make_unique<Providers>(session_, store(), project);
  RunSecrets secrets = resolve_secrets(graph, providers_->all());
  std::ranges::move(providers_->vault.variables_in_use(), std::back_inserter(secrets.withheld));
  return secrets;
}

SecretLeases& SecretWorld::leases() {
  return providers_->vault;
}

std::vector<SecretCheck> SecretWorld::check(const Project& project, const TaskGraph& graph) {
  providers_ = std::make_unique<Providers>(session_, store(), project);
  return check_secrets(graph, providers_->all());
}

std::filesystem::path secret_store_file(Session& session) {
  return session.ports.config_directory() / "secrets" / "store";
}

}  // namespace ame::cli
