// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/session.hpp"
#include "core/files/recorded_files.hpp"
#include "core/run/cache_gate.hpp"

namespace ame::cli {

/// Everything that decides what a run of tasks does, besides the files: as one text. Empty when a secret is among it.
std::string asked_text(Session& session,
                       const std::vector<std::string>& names,
                       const std::vector<std::string>& variables,
                       const std::vector<std::string>& extra_arguments);

/// Says so and gives true when an earlier run found nothing to do for the same, and no file has changed since. Then
/// there is nothing to run and nothing to record.
bool tell_nothing_to_do(Session& session, const std::string& asked);

/// After a run that skipped all its steps: spares the next one finding that out.
void note_nothing_to_do(
    Session& session, const std::string& asked, const RunRecord& run, const CacheGate& cache, const FileAnswers& files);

}  // namespace ame::cli
