// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "cli/session.hpp"
#include "schema/load.hpp"

namespace ame::cli {

/// The file of -f, or the nearest ame.yml. Throws Error(bad_project) when there is none.
std::filesystem::path project_file(Session& session);

/// A path as people read it: relative to the working directory where that is shorter.
std::string shown_path(const Session& session, const std::filesystem::path& path);

/// `config.yml` in the directory of ame's settings, whether or not it is there.
std::filesystem::path user_config_file(Session& session);

schema::LoadOptions load_options(const Session& session);

/// The project of this directory, with the user's own defaults behind its own; its warnings are said.
Project open_project(Session& session);

/// The same, read through `files`.
Project open_project(Session& session, const FileReader& files);

}  // namespace ame::cli
