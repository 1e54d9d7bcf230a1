// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/session.hpp"
#include "core/run/cache_gate.hpp"
#include "core/run/frozen_run.hpp"

namespace ame::cli {

/// The cache of steps on this machine. `run` is the run's shown name.
CacheWorld cache_world(const std::string& run, const std::vector<FrozenStep>& steps, Session& session);

CachePorts cache_ports(Session& session);

}  // namespace ame::cli
