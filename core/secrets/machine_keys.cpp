// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/machine_keys.hpp"

#include <utility>

#include <fmt/format.h>

#include "core/secrets/secret_faults.hpp"
#include "core/text.hpp"

namespace ame {

namespace {

constexpr std::uint64_t largest_key_file = 4096;

SecretText read_key(const FileReader& files, const std::filesystem::path& file) {
  require_private(files, file);
  auto text = files.read(file, largest_key_file);
  auto key = key_of_text(text ? *text : "");
  if (text) {
    wipe(*text);
  }
  if (!key) {
    throw secret_fault(fmt::format("`{}` is no key file of ame", file.string()),
                       "its one line begins with `ame-secret-key/1`");
  }
  return std::move(*key);
}

}  // namespace

void require_private(const FileReader& files, const std::filesystem::path& file) {
  const FileStatus status = files.status(file);
  if (status.kind == FileKind::regular && (status.mode & 077U) != 0) {
    throw secret_fault(
        fmt::format("others can read or write `{}`: its mode is {:04o}", file.string(), status.mode),
        fmt::format("`chmod 600 {}`; if it was open for long, rotate the key", shell_quoted(file.string())));
  }
}

std::string_view place_words_of(UnlockMethod method) {
  switch (method) {
    case UnlockMethod::keyring:
      return "the keyring of your session";
    case UnlockMethod::passphrase:
      return "a passphrase";
    case UnlockMethod::key_file:
      break;
  }
  return "a key file";
}

MachineKeys::MachineKeys(FileSystem& files, Keyring& keyring, AskPassphrase ask, KeySettings settings)
    : files_(files),
      keyring_(keyring),
      ask_(std::move(ask)),
      settings_(std::move(settings)) {}

SecretText MachineKeys::find(const KeyStanza& stanza) {
  switch (stanza.method) {
    case UnlockMethod::keyring:
      return keyring_.find(stanza.key_id);
    case UnlockMethod::key_file:
      return read_key_file(stanza);
    case UnlockMethod::passphrase:
      return key_of_passphrase(ask_(PassphraseUse::open), stanza.salt, stanza.cost);
  }
  throw secret_fault("the secret store is locked in an unknown way");
}

NewKey MachineKeys::make(UnlockMethod method) {
  switch (method) {
    case UnlockMethod::keyring:
      return make_keyring_key();
    case UnlockMethod::key_file:
      return make_key_file();
    case UnlockMethod::passphrase: {
      KeyStanza stanza{.method = method, .cost = settings_.cost, .salt = random_bytes(salt_size)};
      SecretText key = key_of_passphrase(ask_(PassphraseUse::choose), stanza.salt, stanza.cost);
      return {.key = std::move(key), .stanza = std::move(stanza)};
    }
  }
  throw secret_fault("the secret store cannot be locked in an unknown way");
}

void MachineKeys::forget(const KeyStanza& stanza) {
  if (stanza.method == UnlockMethod::keyring) {
    keyring_.remove(stanza.key_id);
  } else if (stanza.method == UnlockMethod::key_file) {
    files_.remove_all(file_of(stanza.key_id));
  }
}

UnlockMethod MachineKeys::preferred() {
  if (settings_.wanted) {
    return *settings_.wanted;
  }
  if (settings_.has_passphrase_file) {
    return UnlockMethod::passphrase;
  }
  return settings_.key_file.empty() && keyring_.has_session() ? UnlockMethod::keyring : UnlockMethod::key_file;
}

std::string MachineKeys::place_of(const KeyStanza& stanza) const {
  if (stanza.method != UnlockMethod::key_file) {
    return std::string(place_words_of(stanza.method));
  }
  const std::filesystem::path own = file_of(stanza.key_id);
  const bool is_own = settings_.key_file.empty() || files_.status(own).kind != FileKind::missing;
  return fmt::format("the key file `{}`", (is_own ? own : settings_.key_file).string());
}

std::filesystem::path MachineKeys::file_of(const std::string& key_id) const {
  return settings_.directory / (key_id + ".key");
}

SecretText MachineKeys::read_key_file(const KeyStanza& stanza) const {
  const std::filesystem::path own = file_of(stanza.key_id);
  const std::filesystem::path& file = settings_.key_file.empty() ? own : settings_.key_file;
  if (files_.status(file).kind == FileKind::missing) {
    throw secret_fault(fmt::format("the key file of the secret store, `{}`, is not there", file.string()),
                       "restore it from a backup, or name it in AME_SECRET_KEY_FILE");
  }
  SecretText key = read_key(files_, file);
  if (id_of_key(key) != stanza.key_id) {
    throw secret_fault(fmt::format("`{}` is the key of another secret store", file.string()),
                       "name the right one in AME_SECRET_KEY_FILE");
  }
  return key;
}

NewKey MachineKeys::make_key_file() {
  const std::filesystem::path named = settings_.new_key_file.empty() ? settings_.key_file : settings_.new_key_file;
  if (!named.empty() && files_.status(named).kind != FileKind::missing) {
    SecretText key = read_key(files_, named);
    KeyStanza stanza{.method = UnlockMethod::key_file, .key_id = id_of_key(key)};
    return {.key = std::move(key), .stanza = std::move(stanza)};
  }
  SecretText key = random_secret_key();
  KeyStanza stanza{.method = UnlockMethod::key_file, .key_id = id_of_key(key)};
  const std::filesystem::path file = named.empty() ? file_of(stanza.key_id) : named;
  if (named.empty()) {
    files_.make_directories(file.parent_path(), FileMode::owner_only);
  }
  files_.write_atomically(file, text_of_key(key).reveal(), FileMode::owner_only);
  return {.key = std::move(key), .stanza = std::move(stanza)};
}

NewKey MachineKeys::make_keyring_key() {
  SecretText key = random_secret_key();
  KeyStanza stanza{.method = UnlockMethod::keyring, .key_id = id_of_key(key)};
  if (const auto problem = keyring_.store(stanza.key_id, key)) {
    if (settings_.wanted == UnlockMethod::keyring) {
      throw secret_fault(fmt::format("the keyring does not take a key: {}", *problem),
                         "`--protect key-file` keeps it in a file of your own");
    }
    return make_key_file();
  }
  return {.key = std::move(key), .stanza = std::move(stanza)};
}

}  // namespace ame
