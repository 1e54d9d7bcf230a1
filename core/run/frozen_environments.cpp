// SPDX-License-Identifier: Apache-2.0
#include "core/run/frozen_environments.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/error.hpp"

namespace ame {

std::variant<ReadyEnvironment, BuildNeeded> FrozenEnvironments::find_or_request(const EnvironmentPlan& plan,
                                                                                const std::filesystem::path& project) {
  const auto used = std::ranges::find_if(
      used_, [&](const UsedEnvironment& one) { return one.project == project && one.plan == plan; });
  const std::string key = used == used_.end() ? std::string() : used->key;
  if (!key.empty()) {
    if (auto ready = inner_.find(key, plan, project)) {
      return *std::move(ready);
    }
  }
  require_unchanged(plan, project, key);
  return inner_.find_or_request(plan, project);
}

void FrozenEnvironments::require_unchanged(const EnvironmentPlan& plan,
                                           const std::filesystem::path& project,
                                           const std::string& key) {
  for (const std::filesystem::path& input : plan.inputs) {
    const std::filesystem::path path = project / input;
    const auto then = then_.read(path);
    // What was not read when the run was resolved cannot be compared; the environment's own key sees to it.
    if (then && now_.read(path) != then) {
      throw Error(
          ExitCode::machine,
          Diagnostic{.message = key.empty() ? fmt::format("`{}` has changed since {}, and the environment it described "
                                                          "was never made",
                                                          input.string(),
                                                          run_)
                                            : fmt::format("the environment `{}` of {} is gone, and `{}` has changed "
                                                          "since",
                                                          key,
                                                          run_,
                                                          input.string()),
                     .hint = "put the file back as it was, or start a new run"});
    }
  }
}

}  // namespace ame
