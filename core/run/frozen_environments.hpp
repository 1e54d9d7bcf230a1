// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/graph/task_graph.hpp"
#include "core/ports/environments.hpp"
#include "core/ports/file_system.hpp"

namespace ame {

/// An environment that an earlier run used.
struct UsedEnvironment {
  EnvironmentPlan plan;
  std::filesystem::path project;
  std::string key;  ///< empty: it was never made
};

/// Gives each plan the environment that an earlier run had for it, also when its lock file has changed since. One that
/// is gone is made again where its files are still the same.
class FrozenEnvironments final : public Environments {
 public:
  /// What is referred to outlives this. `then` are the files as the earlier run saw them; `run` is its shown name.
  FrozenEnvironments(Environments& inner, const FileReader& now, const FileReader& then, std::string run)
      : inner_(inner),
        now_(now),
        then_(then),
        run_(std::move(run)) {}

  void add(UsedEnvironment used) { used_.push_back(std::move(used)); }

  std::variant<ReadyEnvironment, BuildNeeded> find_or_request(const EnvironmentPlan& plan,
                                                              const std::filesystem::path& project) override;

  std::optional<ReadyEnvironment> find(const std::string& key,
                                       const EnvironmentPlan& plan,
                                       const std::filesystem::path& project) override {
    return inner_.find(key, plan, project);
  }

 private:
  void require_unchanged(const EnvironmentPlan& plan, const std::filesystem::path& project, const std::string& key);

  Environments& inner_;
  const FileReader& now_;
  const FileReader& then_;
  std::string run_;
  std::vector<UsedEnvironment> used_;
};

}  // namespace ame
