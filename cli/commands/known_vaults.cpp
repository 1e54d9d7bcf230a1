// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/known_vaults.hpp"

#include <algorithm>

#include "cli/commands/open_project.hpp"
#include "schema/user_config.hpp"

namespace ame::cli {

std::vector<Vault> known_vaults(Session& session, const Project* project) {
  std::vector<Vault> vaults =
      schema::load_user_config(session.ports.files(), user_config_file(session), session.working_directory).vaults;
  if (project != nullptr) {
    for (const Vault& vault : project->vaults) {
      if (std::ranges::find(vaults, vault.name, &Vault::name) == vaults.end()) {
        vaults.push_back(vault);
      }
    }
  }
  return vaults;
}

VaultSession::Ports vault_ports(Session& session) {
  Ports& ports = session.ports;
  return {.http = ports.http(),
          .clock = ports.clock(),
          .login = {
              .files = ports.files(), .tools = {ports.processes(), ports.clock()}, .environment = session.environment}};
}

}  // namespace ame::cli
