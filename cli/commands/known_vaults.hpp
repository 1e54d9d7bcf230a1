// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "cli/session.hpp"
#include "core/model/project.hpp"
#include "core/secrets/vault_session.hpp"

namespace ame::cli {

/// The Vaults of the user's configuration, then those of the project (null: there is none) that have other names.
/// Throws Error(bad_project) when the configuration has mistakes.
std::vector<Vault> known_vaults(Session& session, const Project* project);

VaultSession::Ports vault_ports(Session& session);

}  // namespace ame::cli
