// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/ports/file_system.hpp"
#include "core/secrets/keyring.hpp"
#include "core/secrets/secret_keys.hpp"

namespace ame {

enum class PassphraseUse {
  open,    ///< of a file that is there
  choose,  ///< for a new one: a person is asked twice
};

/// Throws Error when no passphrase can be had.
using AskPassphrase = std::function<SecretText(PassphraseUse)>;

struct KeySettings {
  std::filesystem::path directory;     ///< key files that ame makes; 0700
  std::filesystem::path key_file;      ///< AME_SECRET_KEY_FILE: the user's own; empty: none
  std::filesystem::path new_key_file;  ///< for keys made from now on; empty: key_file, or one in the directory
  bool has_passphrase_file = false;
  std::optional<UnlockMethod> wanted;  ///< the user said so
  PassphraseCost cost;
};

/// Keys of this machine: files of the user's, the keyring of the session, passphrases.
class MachineKeys final : public SecretKeys {
 public:
  MachineKeys(FileSystem& files, Keyring& keyring, AskPassphrase ask, KeySettings settings);

  [[nodiscard]] SecretText find(const KeyStanza& stanza) override;
  NewKey make(UnlockMethod method) override;
  void forget(const KeyStanza& stanza) override;

  /// What the user said; else a passphrase where a file with one is given, the user's key file where that is, the
  /// keyring of the session, or a key file of ame's own.
  [[nodiscard]] UnlockMethod preferred() override;
  [[nodiscard]] std::string place_of(const KeyStanza& stanza) const override;

 private:
  [[nodiscard]] std::filesystem::path file_of(const std::string& key_id) const;
  [[nodiscard]] SecretText read_key_file(const KeyStanza& stanza) const;
  NewKey make_key_file();
  NewKey make_keyring_key();

  FileSystem& files_;
  Keyring& keyring_;
  AskPassphrase ask_;
  KeySettings settings_;
};

/// "a passphrase", "the keyring of your session", "a key file": for messages.
std::string_view place_words_of(UnlockMethod method);

/// Throws Error(machine) when the group or others may read or write the file.
void require_private(const FileReader& files, const std::filesystem::path& file);

}  // namespace ame
