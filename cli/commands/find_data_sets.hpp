// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/render/data_set_text.hpp"
#include "cli/session.hpp"
#include "core/model/project.hpp"

namespace ame::cli {

/// The named data sets, each once; all of the project without names. Throws Error(usage) for a name that none has.
std::vector<DataSet> data_sets_named(const Project& project, const std::vector<std::string>& names);

/// How they stand.
std::vector<DataSetState> data_set_states(Session& session,
                                          const Project& project,
                                          const std::vector<std::string>& names);

}  // namespace ame::cli
