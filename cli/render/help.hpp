// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/parse.hpp"
#include "cli/render/terminal.hpp"

namespace ame::cli {

/// What `--help` prints for a command or a group.
std::string help_text(const CommandPath& path, const Painter& paint);

/// The whole reference as Markdown: docs/cli.md.
std::string reference_text(const CommandSpec& root);

}  // namespace ame::cli
