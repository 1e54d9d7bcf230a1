// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/session.hpp"
#include "core/data/storage_settings.hpp"
#include "core/model/command.hpp"

namespace ame::cli {

/// What the user configured; with AME_STORAGE set, that one is used.
StorageSettings storage_settings(Session& session);

/// Changes what the user configured, while nobody else does. What `change` throws leaves it as it was.
void change_storages(Session& session, const std::function<void(StorageSettings&)>& change);

/// The one of this name, `local` among them. Throws Error(usage) where there is none.
Storage storage_named(Session& session, const StorageSettings& settings, const std::string& name);

/// The one that runs use.
Storage used_storage(Session& session);

/// What opens a storage: from this process's environment (AME_STORE_KEY_ID, AME_STORE_KEY, AME_STORE_TOKEN), as a child
/// of ame has it, or from the secret store. Throws Error(machine) where neither has it.
StorageKeys storage_keys(Session& session, const Storage& storage);

/// "`ame secret add storage/lab/key-id` and `ame secret add storage/lab/key`".
std::string how_to_give_keys(const Storage& storage);

/// The store that runs use, opened when it is first needed.
ObjectStore& store_of(Session& session);

/// For the environment of children of ame that use the store; empty for a directory. Asks nobody for what store_of()
/// asked for.
std::vector<EnvironmentVariable> variables_for_store(Session& session);

}  // namespace ame::cli
