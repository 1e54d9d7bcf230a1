// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/storage_world.hpp"

#include <filesystem>
#include <optional>

#include <fmt/format.h>

#include "cli/commands/secret_world.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

constexpr const char* local = "local";
constexpr const char* id_variable = "AME_STORE_KEY_ID";
constexpr const char* key_variable = "AME_STORE_KEY";
constexpr const char* token_variable = "AME_STORE_TOKEN";

std::string secret_of(SecretWorld& world, const Storage& storage, const char* part) {
  const std::optional<SecretText> found = world.store().find(storage_secret(storage.name, part));
  return found ? std::string(found->reveal()) : "";
}

Storage local_storage(Session& session) {
  return {.name = local,
          .kind = StorageKind::directory,
          .path = session.ports.data_layout().store().string(),
          .endpoint = {},
          .bucket = {},
          .prefix = {},
          .region = {},
          .ca_file = {}};
}

std::filesystem::path settings_file(Session& session) {
  return session.ports.config_directory() / "storage.json";
}

StorageSettings configured(Session& session) {
  const std::filesystem::path file = settings_file(session);
  const auto text = session.ports.files().read(file);
  return text ? read_storage_settings(*text, file) : StorageSettings{};
}

/// A person is asked once, however often the keys are needed.
const StorageKeys& keys_in_use(Session& session, const Storage& used) {
  if (!session.store_keys) {
    session.store_keys = storage_keys(session, used);
  }
  return *session.store_keys;
}

}  // namespace

StorageSettings storage_settings(Session& session) {
  StorageSettings settings = configured(session);
  if (const std::string wanted = session.variable("AME_STORAGE"); !wanted.empty()) {
    settings.used = wanted;
  }
  return settings;
}

void change_storages(Session& session, const std::function<void(StorageSettings&)>& change) {
  FileSystem& files = session.ports.files();
  const std::filesystem::path file = settings_file(session);
  files.make_directories(file.parent_path(), FileMode::owner_only);
  const auto lock = session.ports.locks().lock(file.parent_path() / "storage.lock");
  StorageSettings settings = configured(session);
  change(settings);
  files.write_atomically(file, storage_settings_json(settings), FileMode::owner_only);
}

Storage storage_named(Session& session, const StorageSettings& settings, const std::string& name) {
  if (name.empty() || name == local) {
    return local_storage(session);
  }
  if (const Storage* storage = settings.find(name)) {
    return *storage;
  }
  std::vector<std::string> names = {local};
  for (const Storage& storage : settings.storages) {
    names.push_back(storage.name);
  }
  const std::string near = did_you_mean(name, names);
  throw Error(ExitCode::usage,
              Diagnostic{.message = fmt::format("there is no storage `{}`", name),
                         .hint = near.empty() ? "there is " + all_of(names) : near});
}

Storage used_storage(Session& session) {
  const StorageSettings settings = storage_settings(session);
  return storage_named(session, settings, settings.used);
}

std::string how_to_give_keys(const Storage& storage) {
  if (storage.kind == StorageKind::azure) {
    return fmt::format("`ame secret add {}`, or `ame secret add {}` for a shared access signature,",
                       storage_secret(storage.name, "key"),
                       storage_secret(storage.name, "token"));
  }
  return fmt::format("`ame secret add {}` and `ame secret add {}`",
                     storage_secret(storage.name, "key-id"),
                     storage_secret(storage.name, "key"));
}

StorageKeys storage_keys(Session& session, const Storage& storage) {
  if (storage.kind == StorageKind::directory) {
    return {};
  }
  StorageKeys keys{.id = session.variable(id_variable),
                   .secret = session.variable(key_variable),
                   .token = session.variable(token_variable)};
  const bool is_azure = storage.kind == StorageKind::azure;
  if (keys.secret.empty() && !(is_azure && !keys.token.empty())) {
    SecretWorld world(session);
    keys = {.id = secret_of(world, storage, "key-id"),
            .secret = secret_of(world, storage, "key"),
            .token = secret_of(world, storage, "token")};
  }
  if (is_azure && keys.id.empty()) {
    keys.id = azure_account(storage.endpoint);
  }
  if (is_azure ? keys.secret.empty() && keys.token.empty() : keys.id.empty() || keys.secret.empty()) {
    throw Error(ExitCode::machine,
                Diagnostic{.message = fmt::format("the secret store has no keys for the storage `{}`", storage.name),
                           .hint = how_to_give_keys(storage) + " put them in"});
  }
  return keys;
}

ObjectStore& store_of(Session& session) {
  if (ObjectStore* const opened = session.ports.opened_store()) {
    return *opened;
  }
  const Storage storage = used_storage(session);
  return session.ports.open_store(storage, keys_in_use(session, storage));
}

std::vector<EnvironmentVariable> variables_for_store(Session& session) {
  const Storage storage = used_storage(session);
  if (storage.kind == StorageKind::directory) {
    return {};
  }
  const StorageKeys& keys = keys_in_use(session, storage);
  return {{.key = id_variable, .value = keys.id},
          {.key = key_variable, .value = keys.secret},
          {.key = token_variable, .value = keys.token}};
}

}  // namespace ame::cli
