// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/vault_provider.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/text.hpp"

namespace ame {

VaultProvider::VaultProvider(std::vector<Vault> vaults, VaultSession::Ports ports, std::string configured_in)
    : vaults_(std::move(vaults)),
      ports_(ports),
      configured_in_(std::move(configured_in)) {}

SecretAnswer VaultProvider::fetch(const SecretReference& reference) {
  const auto vault = std::ranges::find(vaults_, reference.vault, &Vault::name);
  if (vault == vaults_.end()) {
    std::vector<std::string> names;
    for (const Vault& known : vaults_) {
      names.push_back(known.name);
    }
    return SecretAbsent{.reason = "and no vault of that name is configured",
                        .hint = names.empty() ? fmt::format("name its address under `vaults` in `{}`", configured_in_)
                                              : fmt::format("there is {}", all_of(names))};
  }
  auto& session = sessions_[vault->name];
  if (session == nullptr) {
    session = std::make_unique<VaultSession>(*vault, ports_);
  }
  return session->read(reference);
}

std::optional<std::chrono::steady_clock::time_point> VaultProvider::next_renewal() const {
  std::optional<std::chrono::steady_clock::time_point> first;
  for (const auto& [name, session] : sessions_) {
    const auto next = session == nullptr ? std::nullopt : session->next_renewal();
    if (next && (!first || *next < *first)) {
      first = next;
    }
  }
  return first;
}

std::vector<Diagnostic> VaultProvider::renew() {
  std::vector<Diagnostic> warnings;
  for (const auto& [name, session] : sessions_) {
    if (session != nullptr) {
      std::ranges::move(session->renew(), std::back_inserter(warnings));
    }
  }
  return warnings;
}

std::vector<std::string> VaultProvider::variables_in_use() const {
  std::vector<std::string> variables;
  for (const Vault& vault : vaults_) {
    if (sessions_.contains(vault.name)) {
      std::ranges::move(variables_of(vault.login), std::back_inserter(variables));
    }
  }
  return variables;
}

}  // namespace ame
