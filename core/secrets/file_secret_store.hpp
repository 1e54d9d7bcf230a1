// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/ports/clock.hpp"
#include "core/ports/file_locks.hpp"
#include "core/ports/file_system.hpp"
#include "core/ports/secret_store.hpp"
#include "core/secrets/secret_file.hpp"
#include "core/secrets/secret_keys.hpp"

namespace ame {

struct ImportReport {
  std::vector<std::string> stored;
  std::vector<std::string> kept;  ///< were there already and were not to be replaced
};

/// Secrets in one encrypted file. The file is opened when it is first needed and read anew before each change, under a
/// lock; it is replaced as a whole or not at all.
class FileSecretStore final : public SecretStore {
 public:
  struct Ports {
    FileSystem& files;
    FileLocks& locks;
    const Clock& clock;
    SecretKeys& keys;
  };

  FileSecretStore(std::filesystem::path file, Ports ports);

  [[nodiscard]] std::vector<SecretListing> list() override;
  [[nodiscard]] std::optional<SecretText> find(const std::string& key) override;
  StoreResult put(const std::string& key, const SecretText& value, IfPresent if_present) override;
  StoreResult remove(const std::string& key) override;
  StoreResult rename(const std::string& from, const std::string& to, IfPresent if_present) override;

  [[nodiscard]] const std::filesystem::path& file() const { return file_; }

  /// How the file that is there can be opened; empty when there is none. Needs no key.
  [[nodiscard]] std::vector<KeyStanza> ways_in() const;

  /// A new master key, of the same method or another one; the old one opens nothing any more. Requires a file.
  KeyStanza rotate(std::optional<UnlockMethod> method);

  /// All secrets, as a secret file that the passphrase opens.
  [[nodiscard]] std::string exported(const SecretText& passphrase, PassphraseCost cost);
  ImportReport import(const std::string& content,
                      const std::string& name,
                      const SecretText& passphrase,
                      IfPresent if_present);

 private:
  /// What the file said when it was last read.
  struct Opened {
    std::string header;  ///< its stanzas: while they are the same, so is the data key
    std::vector<KeyStanza> stanzas;
    SecretText data_key;
    SecretContents contents;
  };

  const SecretContents& contents();
  void reread();
  void begin_anew();
  void save();
  [[nodiscard]] bool has_key_of(const std::string& stanzas) const;
  [[nodiscard]] SecretText unlocked(const SecretFileHeader& header);
  [[nodiscard]] std::unique_ptr<FileLock> locked();

  std::filesystem::path file_;
  Ports ports_;
  enum class State { unread, absent, open };
  State state_ = State::unread;
  Opened opened_;  ///< empty unless open
};

}  // namespace ame
