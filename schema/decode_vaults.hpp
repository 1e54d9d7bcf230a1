// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "core/model/vault.hpp"
#include "schema/values.hpp"

namespace ame::schema {

/// `vaults:` of an ame.yml or of the user's configuration, which lies in `directory`.
std::vector<Vault> decode_vaults(const Node& node, const std::filesystem::path& directory, Decoding& decoding);

}  // namespace ame::schema
