// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/session.hpp"
#include "core/ports/project_fetcher.hpp"
#include "schema/lock_file.hpp"

namespace ame::cli {

/// Who an import lets us be: its user, and its secret out of the user's own store. Throws Error(bad_project) for a
/// secret that would travel unencrypted, and Error(machine) where the store has none of that key.
GitCredentials credentials_of(const schema::GitImport& import, Session& session);

}  // namespace ame::cli
