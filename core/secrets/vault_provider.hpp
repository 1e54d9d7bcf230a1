// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/secrets/lease_job_runner.hpp"
#include "core/secrets/vault_session.hpp"

namespace ame {

/// `!vault`: the Vaults that are configured, each logged in to when its first secret is asked for.
class VaultProvider final : public SecretProvider, public SecretLeases {
 public:
  /// `configured_in` is for the hint where there is none of a name: "~/.config/ame/config.yml".
  VaultProvider(std::vector<Vault> vaults, VaultSession::Ports ports, std::string configured_in);

  SecretAnswer fetch(const SecretReference& reference) override;

  [[nodiscard]] const std::vector<Vault>& vaults() const { return vaults_; }

  [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> next_renewal() const override;
  std::vector<Diagnostic> renew() override;

  /// Variables of the environment that hold what logins of the Vaults in use need.
  [[nodiscard]] std::vector<std::string> variables_in_use() const;

 private:
  std::vector<Vault> vaults_;
  VaultSession::Ports ports_;
  std::string configured_in_;
  std::map<std::string, std::unique_ptr<VaultSession>> sessions_;
};

}  // namespace ame
