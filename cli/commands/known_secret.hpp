// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/error.hpp"
#include "core/ports/secret_store.hpp"

namespace ame::cli {

/// For a key that no stored secret has: with what is near.
Error no_such_secret(SecretStore& store, const std::string& key);

}  // namespace ame::cli
