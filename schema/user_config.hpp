// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "core/model/effective_value.hpp"
#include "core/model/resources.hpp"
#include "core/model/vault.hpp"
#include "core/ports/file_system.hpp"

namespace ame::schema {

/// What the user says about this machine and its surroundings, whatever the project: `config.yml` in the directory of
/// ame's settings. Its keys are rows of Section::config; a new one gets its member here.
struct UserConfig {
  std::vector<Vault> vaults;
  Resources default_resources;                 ///< `defaults: {resources: …}`
  std::vector<EffectiveValue> default_values;  ///< the same as it is written, each with its place
};

/// Empty where there is no such file. Throws Error(bad_project) with every mistake in it, each with its place.
/// `shown_from` as for load_project.
UserConfig load_user_config(const FileReader& files,
                            const std::filesystem::path& file,
                            const std::filesystem::path& shown_from);

}  // namespace ame::schema
