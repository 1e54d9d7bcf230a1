// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/cache_of_steps.hpp"

#include <utility>

namespace ame::cli {

CacheWorld cache_world(const std::string& run, const std::vector<FrozenStep>& steps, Session& session) {
  CacheWorld world{
      .directory = session.ports.environment_settings().cache / "steps" / "books", .run = run, .environments = {}};
  world.environments.reserve(steps.size());
  for (const FrozenStep& step : steps) {
    world.environments.push_back(step.environment);
  }
  return world;
}

CachePorts cache_ports(Session& session) {
  return {.clock = session.ports.clock(),
          .files = session.ports.files(),
          .hasher = session.ports.hasher(),
          .locks = session.ports.locks(),
          .objects = session.ports.step_objects()};
}

}  // namespace ame::cli
