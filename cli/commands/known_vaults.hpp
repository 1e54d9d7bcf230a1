// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "cli/session.hpp"
#include "core/model/project.hpp"
#include "core/secrets/vault_session.hpp"

namespace ame::cli {

/// `config.yml` in the directory of ame's settings, whether or not it is there.
std::filesystem::path user_config_file(Session& session);

/// The Vaults of the user's configuration, then those of the project (null: there is none) that have other names.
/// Throws Error(bad_project) when the configuration has mistakes.
std::vector<Vault> known_vaults(Session& session, const Project* project);

VaultSession::Ports vault_ports(Session& session);

}  // namespace ame::cli
