// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "cli/session.hpp"
#include "core/source_span.hpp"

namespace ame::cli {

/// The text of the project file, as it is. Throws Error(bad_project) when there is none.
SourceText source_to_rewrite(Session& session);

/// The old file stays until the new one is whole; who may read it stays, too.
void rewrite_project_file(Session& session, std::string_view text);

}  // namespace ame::cli
