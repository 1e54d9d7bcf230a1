// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/secret_marks.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <sodium.h>

#include "core/secrets/key_stanza.hpp"
#include "core/secrets/machine_keys.hpp"
#include "core/secrets/secret_faults.hpp"

namespace ame {

namespace {

constexpr std::size_t mark_size = 16;
constexpr std::uint64_t largest_key_file = 4096;

std::optional<SecretText> key_in(const std::filesystem::path& file, const FileReader& files) {
  auto text = files.read(file, largest_key_file);
  if (!text) {
    return std::nullopt;
  }
  require_private(files, file);
  auto key = key_of_text(*text);
  wipe(*text);
  if (!key) {
    throw secret_fault(fmt::format("`{}` is no key file of ame", file.string()),
                       "remove it: a new one is made, and what was cached with the old one runs again");
  }
  return key;
}

/// With its length, so that no two lists of texts are one text.
void add(crypto_generichash_state& state, std::string_view text) {
  const std::uint64_t size = text.size();
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(&size), sizeof size);
  crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(text.data()), text.size());
}

}  // namespace

SecretText key_of_marks(const std::filesystem::path& file, FileSystem& files, FileLocks& locks) {
  if (auto key = key_in(file, files)) {
    return std::move(*key);
  }
  files.make_directories(file.parent_path(), FileMode::owner_only);
  const auto lock = locks.lock(file.string() + ".lock");
  if (auto key = key_in(file, files)) {
    return std::move(*key);  // somebody was quicker
  }
  SecretText key = random_secret_key();
  files.write_atomically(file, text_of_key(key).reveal(), FileMode::owner_only);
  return key;
}

std::string mark_of(const std::vector<StepSecret>& secrets, const SecretText& key) {
  if (secrets.empty()) {
    return {};
  }
  crypto_generichash_state state;
  crypto_generichash_init(&state, reinterpret_cast<const unsigned char*>(key.reveal().data()), key.size(), mark_size);
  for (const StepSecret& secret : secrets) {
    add(state, secret.variable);
    add(state, secret.file);
    add(state, secret.value->reveal());
  }
  std::array<unsigned char, mark_size> hash{};
  crypto_generichash_final(&state, hash.data(), hash.size());
  wipe_memory(&state, sizeof state);
  std::string text;
  for (const unsigned char byte : hash) {
    text += fmt::format("{:02x}", byte);
  }
  return text;
}

}  // namespace ame
