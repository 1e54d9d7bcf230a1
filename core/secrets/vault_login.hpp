// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>

#include "core/ports/file_system.hpp"
#include "core/secrets/run_tool.hpp"
#include "core/secrets/vault_api.hpp"

namespace ame {

/// Where what a login needs is found on this machine.
struct VaultLoginPorts {
  const FileReader& files;
  ToolPorts tools;
  const std::map<std::string, std::string>& environment;
};

/// A token that was accepted.
struct VaultToken {
  std::chrono::seconds lasts{0};  ///< 0: for ever
  bool is_renewable = false;
  bool is_own = false;  ///< made by this login: nobody else uses it
};

/// Gets a token as the Vault's settings say and lets the API use it. Throws Error(machine): a thing that is absent, a
/// login that is refused, a token that is not accepted.
VaultToken log_in(VaultApi& api, const VaultLoginPorts& ports);

/// The variables of the environment that hold what this login needs.
std::vector<std::string> variables_of(const VaultLogin& login);

}  // namespace ame
