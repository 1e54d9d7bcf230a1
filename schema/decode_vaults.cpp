// SPDX-License-Identifier: Apache-2.0
#include "schema/decode_vaults.hpp"

#include <array>

#include <fmt/format.h>

namespace ame::schema {

namespace {

constexpr std::array<VaultAuth, 4> methods = {
    VaultAuth::token, VaultAuth::approle, VaultAuth::kubernetes, VaultAuth::jwt};

std::vector<std::string> method_words() {
  std::vector<std::string> words;
  for (const VaultAuth method : methods) {
    words.emplace_back(word_of(method));
  }
  return words;
}

/// Null for keys that name no variable.
std::string* variable_of(VaultLogin& login, Key key) {
  switch (key) {
    case Key::token_env:
      return &login.token_env;
    case Key::role_id_env:
      return &login.role_id_env;
    case Key::secret_id_env:
      return &login.secret_id_env;
    case Key::jwt_env:
      return &login.jwt_env;
    default:
      return nullptr;
  }
}

/// Null for keys that are read otherwise.
std::string* text_of(VaultLogin& login, Key key) {
  switch (key) {
    case Key::mount:
      return &login.mount;
    case Key::role:
      return &login.role;
    case Key::token_file:
      return &login.token_file;
    case Key::token_helper:
      return &login.token_helper;
    case Key::role_id_file:
      return &login.role_id_file;
    case Key::secret_id_file:
      return &login.secret_id_file;
    case Key::jwt_file:
      return &login.jwt_file;
    default:
      return nullptr;
  }
}

void check_login(const VaultLogin& login, const Node& node, Decoding& decoding) {
  const auto missing = [&](std::string_view what) {
    decoding.problems.error(
        {.where = node, .message = fmt::format("logging in with `{}` needs {}", word_of(login.method), what)});
  };
  switch (login.method) {
    case VaultAuth::token:
      break;
    case VaultAuth::approle:
      if (login.role_id_env.empty() && login.role_id_file.empty()) {
        missing("`roleIdEnv` or `roleIdFile`");
      }
      if (login.secret_id_env.empty() && login.secret_id_file.empty()) {
        missing("`secretIdEnv` or `secretIdFile`");
      }
      break;
    case VaultAuth::jwt:
      if (login.jwt_env.empty() && login.jwt_file.empty()) {
        missing("`jwtEnv` or `jwtFile`");
      }
      [[fallthrough]];
    case VaultAuth::kubernetes:
      if (login.role.empty()) {
        missing("`role`");
      }
      break;
  }
}

VaultLogin decode_login(const Value& value, Decoding& decoding) {
  VaultLogin login;
  const std::size_t before = decoding.problems.count();
  each_entry(value, Section::vault_login, decoding, [&](const KnownEntry& known) {
    if (std::string* const variable = variable_of(login, known.row->key)) {
      *variable = read_variable_name(known.value(), decoding);
    } else if (std::string* const text = text_of(login, known.row->key)) {
      *text = read_text(known.value(), decoding);
    } else {
      login.method = methods.at(read_choice(known.value(), method_words(), decoding));
    }
  });
  if (decoding.problems.count() == before) {
    check_login(login, value.node, decoding);
  }
  return login;
}

int decode_kv_version(const Value& value, Decoding& decoding) {
  const int version = read_count(value, decoding);
  if (version != 1 && version != 2) {
    decoding.problems.error({.where = value.node,
                             .message = fmt::format("there is no version {} of the key-value engine", version),
                             .expected = "expected `1` or `2`"});
  }
  return version;
}

std::string decode_address(const Value& value, Decoding& decoding) {
  std::string address = read_text(value, decoding);
  if (!address.empty() && !address.starts_with("https://") && !address.starts_with("http://")) {
    decoding.problems.error({.where = value.node,
                             .message = fmt::format("`{}` is no address of a Vault", address),
                             .expected = "expected `https://…`"});
  }
  while (address.ends_with('/')) {
    address.pop_back();
  }
  return address;
}

void read_part(const KnownEntry& known, Vault& vault, Decoding& decoding) {
  switch (known.row->key) {
    case Key::address:
      vault.address = decode_address(known.value(), decoding);
      break;
    case Key::mount:
      vault.mount = read_text(known.value(), decoding);
      break;
    case Key::kv_version:
      vault.kv_version = decode_kv_version(known.value(), decoding);
      break;
    case Key::name_space:
      vault.name_space = read_text(known.value(), decoding);
      break;
    case Key::ca_file:
      vault.ca_file = read_text(known.value(), decoding);
      break;
    default:
      vault.login = decode_login(known.value(), decoding);
      break;
  }
}

}  // namespace

std::vector<Vault> decode_vaults(const Node& node, const std::filesystem::path& directory, Decoding& decoding) {
  std::vector<Vault> vaults;
  if (node.kind != NodeKind::mapping) {
    report_kind({"vaults", node}, "a mapping from names to Vaults", decoding);
    return vaults;
  }
  for (const Entry& entry : node.entries) {
    Vault vault{
        .name = std::string(entry.key.scalar), .directory = directory, .where = decoding.sources.place_of(entry.key)};
    each_entry({entry.key.scalar, entry.value}, Section::vault, decoding, [&](const KnownEntry& known) {
      read_part(known, vault, decoding);
    });
    vaults.push_back(std::move(vault));
  }
  return vaults;
}

}  // namespace ame::schema
