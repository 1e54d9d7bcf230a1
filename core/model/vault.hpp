// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/source_span.hpp"

namespace ame {

enum class VaultAuth : std::uint8_t { token, approle, kubernetes, jwt };

/// "token", "approle", "kubernetes" or "jwt".
std::string_view word_of(VaultAuth method);

/// How ame gets a token of a Vault. Names where things are; secrets themselves never stand here.
struct VaultLogin {
  VaultAuth method = VaultAuth::token;
  std::string mount;           ///< of the method; empty: its word
  std::string role;            ///< of kubernetes and jwt
  std::string token_env;       ///< of token; empty: VAULT_TOKEN
  std::string token_file;      ///< of token
  std::string token_helper;    ///< of token: a program that prints it when called with `get`
  std::string role_id_env;     ///< of approle
  std::string role_id_file;    ///< of approle
  std::string secret_id_env;   ///< of approle
  std::string secret_id_file;  ///< of approle
  std::string jwt_env;         ///< of jwt
  std::string jwt_file;        ///< of jwt and kubernetes; of the latter, empty: where pods have it

  bool operator==(const VaultLogin&) const = default;
};

/// Where the secrets of `!vault` are, and how to be let in.
struct Vault {
  std::string name;
  std::string address;
  std::string mount;       ///< of the key-value engine; empty: `secret`
  int kv_version = 2;      ///< of that engine
  std::string name_space;  ///< Vault's own namespaces; empty: none
  std::string ca_file;
  VaultLogin login;
  std::filesystem::path directory;  ///< where the file lies that says this: relative paths start there
  Place where;

  bool operator==(const Vault&) const = default;
};

}  // namespace ame
