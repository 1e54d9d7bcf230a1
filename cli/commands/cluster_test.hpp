// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "cli/session.hpp"
#include "core/exit_code.hpp"
#include "core/model/cluster.hpp"

namespace ame::cli {

/// Does with two small jobs what runs do with theirs, and tells each thing with its time. Throws Error(cluster) for the
/// first that does not work, or that takes longer than `patience`; nothing is left of it then, as at its end.
ExitCode test_cluster(const Cluster& cluster, std::chrono::milliseconds patience, Session& session);

}  // namespace ame::cli
