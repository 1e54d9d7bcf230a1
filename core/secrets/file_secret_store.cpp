// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/file_secret_store.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/secrets/machine_keys.hpp"
#include "core/secrets/secret_faults.hpp"

namespace ame {

namespace {

std::string text_of_stanzas(const std::vector<KeyStanza>& stanzas) {
  std::string text;
  for (const KeyStanza& stanza : stanzas) {
    text += line_of_stanza(stanza) + "\n";
  }
  return text;
}

/// The quickest first; a person is asked last.
int effort_of(const KeyStanza& stanza) {
  switch (stanza.method) {
    case UnlockMethod::key_file:
      return 0;
    case UnlockMethod::keyring:
      return 1;
    case UnlockMethod::passphrase:
      break;
  }
  return 2;
}

Error does_not_open(const KeyStanza& stanza, const std::string& file) {
  if (stanza.method == UnlockMethod::passphrase) {
    return secret_fault(fmt::format("the passphrase does not open `{}`", file),
                        "it is another one, or the file was changed; nothing was");
  }
  return damaged_file(file, "the key that it names does not open it");
}

}  // namespace

FileSecretStore::FileSecretStore(std::filesystem::path file, Ports ports)
    : file_(std::move(file)),
      ports_(ports) {}

std::vector<SecretListing> FileSecretStore::list() {
  std::vector<SecretListing> listing;
  for (const auto& [key, secret] : contents()) {
    listing.push_back({.key = key, .created = secret.created, .changed = secret.changed});
  }
  return listing;
}

std::optional<SecretText> FileSecretStore::find(const std::string& key) {
  const SecretContents& all = contents();
  const auto found = all.find(key);
  if (found == all.end()) {
    return std::nullopt;
  }
  return found->second.value.clone();
}

StoreResult FileSecretStore::put(const std::string& key, const SecretText& value, IfPresent if_present) {
  const auto lock = locked();
  reread();
  begin_anew();
  SecretContents& all = opened_.contents;
  const auto found = all.find(key);
  const UtcTime now = ports_.clock.now();
  if (found == all.end()) {
    all.emplace(key, StoredSecret{.value = value.clone(), .created = now, .changed = now});
  } else if (if_present == IfPresent::keep) {
    return StoreResult::kept;
  } else {
    found->second.value = value.clone();
    found->second.changed = now;
  }
  save();
  return StoreResult::stored;
}

StoreResult FileSecretStore::remove(const std::string& key) {
  const auto lock = locked();
  reread();
  if (opened_.contents.erase(key) == 0) {
    return StoreResult::absent;
  }
  save();
  return StoreResult::stored;
}

StoreResult FileSecretStore::rename(const std::string& from, const std::string& to, IfPresent if_present) {
  const auto lock = locked();
  reread();
  if (!opened_.contents.contains(from)) {
    return StoreResult::absent;
  }
  SecretContents& all = opened_.contents;
  if (from == to) {
    return StoreResult::stored;
  }
  if (all.contains(to) && if_present == IfPresent::keep) {
    return StoreResult::kept;
  }
  all.erase(to);
  auto moved = all.extract(from);
  moved.key() = to;
  all.insert(std::move(moved));
  save();
  return StoreResult::stored;
}

std::vector<KeyStanza> FileSecretStore::ways_in() const {
  const auto content = ports_.files.read(file_, largest_secret_file);
  return content ? read_secret_header(*content, file_.string()).stanzas : std::vector<KeyStanza>{};
}

KeyStanza FileSecretStore::rotate(std::optional<UnlockMethod> method) {
  const auto lock = locked();
  reread();
  if (state_ != State::open) {
    throw secret_fault("there is no secret store yet", "`ame secret add` makes it");
  }
  const std::vector<KeyStanza> old = opened_.stanzas;
  NewKey made = ports_.keys.make(method.value_or(old.front().method));
  if (!made.stanza.key_id.empty() && made.stanza.key_id == old.front().key_id) {
    throw secret_fault(fmt::format("{} is the key that is in use", ports_.keys.place_of(made.stanza)),
                       "name a file that is not there yet: `ame secret rotate --key-file FILE`");
  }
  opened_.data_key = random_secret_key();
  wrap_key(made.stanza, opened_.data_key, made.key);
  opened_.stanzas = {made.stanza};
  save();
  // The new key is in its place and the file is written with it: only now the old one may go.
  for (const KeyStanza& stanza : old) {
    if (stanza.key_id != made.stanza.key_id) {
      ports_.keys.forget(stanza);
    }
  }
  return made.stanza;
}

std::string FileSecretStore::exported(const SecretText& passphrase, PassphraseCost cost) {
  const SecretText data_key = random_secret_key();
  KeyStanza stanza{.method = UnlockMethod::passphrase, .cost = cost, .salt = random_bytes(salt_size)};
  wrap_key(stanza, data_key, key_of_passphrase(passphrase, stanza.salt, cost));
  return make_secret_file(contents(), {stanza}, data_key);
}

ImportReport FileSecretStore::import(const std::string& content,
                                     const std::string& name,
                                     const SecretText& passphrase,
                                     IfPresent if_present) {
  const SecretFileHeader header = read_secret_header(content, name);
  const auto stanza = std::ranges::find(header.stanzas, UnlockMethod::passphrase, &KeyStanza::method);
  if (stanza == header.stanzas.end()) {
    throw secret_fault(fmt::format("`{}` cannot be opened with a passphrase", name),
                       "`ame secret export` writes such files");
  }
  const auto data_key = unwrap_key(*stanza, key_of_passphrase(passphrase, stanza->salt, stanza->cost));
  if (!data_key) {
    throw does_not_open(*stanza, name);
  }
  SecretContents incoming = open_secret_file(content, header, *data_key, name);

  const auto lock = locked();
  reread();
  begin_anew();
  ImportReport report;
  for (auto& [key, secret] : incoming) {
    if (opened_.contents.contains(key) && if_present == IfPresent::keep) {
      report.kept.push_back(key);
    } else {
      report.stored.push_back(key);
      opened_.contents.insert_or_assign(key, std::move(secret));
    }
  }
  if (!report.stored.empty()) {
    save();
  }
  return report;
}

const SecretContents& FileSecretStore::contents() {
  if (state_ == State::unread) {
    reread();
  }
  return opened_.contents;
}

void FileSecretStore::reread() {
  const auto content = ports_.files.read(file_, largest_secret_file);
  if (!content) {
    state_ = State::absent;
    opened_ = {};
    return;
  }
  require_private(ports_.files, file_);
  const SecretFileHeader header = read_secret_header(*content, file_.string());
  const std::string stanzas = text_of_stanzas(header.stanzas);
  SecretText data_key = has_key_of(stanzas) ? opened_.data_key.clone() : unlocked(header);
  SecretContents all = open_secret_file(*content, header, data_key, file_.string());
  opened_ = {.header = stanzas, .stanzas = header.stanzas, .data_key = std::move(data_key), .contents = std::move(all)};
  state_ = State::open;
}

bool FileSecretStore::has_key_of(const std::string& stanzas) const {
  return state_ == State::open && opened_.header == stanzas;
}

void FileSecretStore::begin_anew() {
  if (state_ == State::open) {
    return;
  }
  NewKey made = ports_.keys.make(ports_.keys.preferred());
  opened_ = {.data_key = random_secret_key()};
  wrap_key(made.stanza, opened_.data_key, made.key);
  opened_.stanzas = {made.stanza};
  state_ = State::open;
}

void FileSecretStore::save() {
  const std::string content = make_secret_file(opened_.contents, opened_.stanzas, opened_.data_key);
  ports_.files.write_atomically(file_, content, FileMode::owner_only);
  opened_.header = text_of_stanzas(opened_.stanzas);
}

SecretText FileSecretStore::unlocked(const SecretFileHeader& header) {
  std::vector<KeyStanza> ways = header.stanzas;
  std::ranges::stable_sort(ways, {}, effort_of);
  std::vector<Diagnostic> problems;
  for (const KeyStanza& stanza : ways) {
    try {
      if (auto data_key = unwrap_key(stanza, ports_.keys.find(stanza))) {
        return std::move(*data_key);
      }
      throw does_not_open(stanza, file_.string());
    } catch (const Error& error) {
      if (error.code() != ExitCode::machine) {
        throw;
      }
      problems.insert(problems.end(), error.diagnostics().begin(), error.diagnostics().end());
    }
  }
  throw Error(ExitCode::machine, std::move(problems));
}

std::unique_ptr<FileLock> FileSecretStore::locked() {
  contents();  // may ask a person for a passphrase: not while others wait for the lock
  ports_.files.make_directories(file_.parent_path(), FileMode::owner_only);
  return ports_.locks.lock(file_.string() + ".lock");
}

}  // namespace ame
