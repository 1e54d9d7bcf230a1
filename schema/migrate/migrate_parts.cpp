// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "schema/migrate/migrator.hpp"
#include "schema/tags.hpp"

namespace ame::schema {

void Migrator::parts(const SyntaxNode& task) {
  for (const char* key : {"env", "environment"}) {
    if (const SyntaxEntry* environment = edits_.find(task, key)) {
      variables(environment->value);
    }
  }
  if (const SyntaxEntry* secrets = edits_.find(task, "secrets")) {
    for (const SyntaxEntry& item : secrets->value.entries) {
      secret(item.value);
    }
  }
  if (const SyntaxEntry* needed = edits_.find(task, "resources")) {
    resources(needed->value);
  }
}

void Migrator::variables(const SyntaxNode& list) {
  for (const SyntaxEntry& item : list.entries) {
    renamed(item.value, "envkey", "key");
  }
}

void Migrator::secret(const SyntaxNode& secret) {
  if (!is_mapping(secret) || secret.entries.empty()) {
    return;
  }
  const SyntaxEntry& first = secret.entries.front();
  const std::string_view key = edits_.key_of(first);
  if (secret.entries.size() == 1 && is_mapping(first.value)) {
    const bool is_vault = key == "VaultSecret" || key == "vaultSecret";
    if (is_vault || key == "AmeSecret" || key == "ameSecret") {
      const std::string today = is_vault ? "vault" : "ame";
      note(first, fmt::format("`{}` is `!{}` today", key, today));
      edits_.rename(first, today);
      secret_keys(first.value, is_vault);
    } else if (secret_tag(key)) {
      secret_keys(first.value, secret_tag(key) == SecretSource::vault);
    }
    return;
  }
  const bool is_vault = edits_.find(secret, "vaultName") != nullptr || edits_.find(secret, "vault") != nullptr;
  const bool is_old = is_vault || edits_.find(secret, "envkey") != nullptr || edits_.find(secret, "name") != nullptr ||
                      edits_.find(secret, "secretKey") != nullptr;
  if (!is_old) {
    return;
  }
  if (!edits_.is_tagged(secret)) {
    const std::string tag = is_vault ? "!vault" : "!ame";
    edits_.insert(secret.shape == Shape::flow_mapping ? secret.at.begin : first.begin,
                  secret.shape == Shape::flow_mapping ? tag + " " : tag + "\n" + std::string(secret.column, ' '));
    note(first, fmt::format("a secret says its kind: this is `{}`", tag));
  }
  secret_keys(secret, is_vault);
}

void Migrator::secret_keys(const SyntaxNode& fields, bool is_vault) {
  const bool has_path = edits_.find(fields, "secretPath") != nullptr;
  renamed(fields, "vaultName", "vault");
  renamed(fields, "secretPath", "key");
  renamed(fields, "secretKey", is_vault && has_path ? "field" : "key");
  renamed(fields, "name", "key");
  renamed(fields, "envkey", "injectAs");
}

void Migrator::resources(const SyntaxNode& resources) {
  const SyntaxEntry* count = edits_.find(resources, "gpus");
  const SyntaxEntry* memory = edits_.find(resources, "vram");
  if (memory == nullptr) {
    renamed(resources, "gpus", "nvidia.com/gpu");
    return;
  }
  if (edits_.find(resources, "gpu") != nullptr) {
    leave(*memory, "`vram` is `memory` under `gpu` today, and there is a `gpu` already");
    return;
  }
  std::string inner = "memory";
  if (count != nullptr) {
    const std::string_view amount = edits_.raw(count->value);
    inner = resources.shape == Shape::flow_mapping
                ? fmt::format("count: {}, memory", amount)
                : fmt::format("count: {}\n{}memory", amount, std::string(resources.column + 2, ' '));
    static_cast<void>(edits_.remove(resources, *count));
    note(*count, "`gpus` is `count` under `gpu` today");
  }
  edits_.nest(resources, *memory, "gpu:", inner);
  note(*memory, "`vram` is `memory` under `gpu` today");
}

}  // namespace ame::schema
