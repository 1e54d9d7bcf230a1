// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "cli/render/terminal.hpp"
#include "core/error.hpp"
#include "core/model/vault.hpp"

namespace ame::cli {

std::string vault_table(const std::vector<Vault>& vaults, const Painter& paint);

/// {"vaults": [{"name": …, "address": …, "namespace": …, "mount": …, "kvVersion": …, "auth": …, "file": …}]}
std::string vaults_json(const std::vector<Vault>& vaults);

/// What trying a Vault found.
struct TestedVault {
  Vault vault;
  std::vector<Diagnostic> problems;
  std::chrono::seconds token_lasts{0};  ///< 0: for ever, or there is none
};

std::string tested_vaults_table(const std::vector<TestedVault>& vaults, const Painter& paint);

/// {"usable": …, "vaults": [{"name": …, "usable": …, "tokenSeconds": …, "problems": […]}]}
std::string tested_vaults_json(const std::vector<TestedVault>& vaults);

}  // namespace ame::cli
