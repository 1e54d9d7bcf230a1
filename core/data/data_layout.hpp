// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "core/graph/task_graph.hpp"

namespace ame {

/// Where this machine keeps what it knows of artifacts and data sets, besides the store itself.
///
///     state/artifacts/                 the store, unless another is configured
///     state/origin                     8 digits: whose the numbers of runs are
///     state/locks/store.lock           held, shared, by who adds to a store; alone by who tidies it
///     state/locks/data-….lock          held by who makes a data set
///     state/runs/142/steps/            requests and snapshots of the steps of a run
///     state/models/shop/ranker.json    which versions of a model were validated
///     state/deployments/shop/ranker.json  which version of it is served, by which run, at which port
///     cache/trees/….tree               what is known of a project's files
class DataLayout {
 public:
  DataLayout(std::filesystem::path state, std::filesystem::path cache)
      : state_(std::move(state)),
        cache_(std::move(cache)) {}

  [[nodiscard]] std::filesystem::path store() const { return state_ / "artifacts"; }

  [[nodiscard]] std::filesystem::path origin() const { return state_ / "origin"; }

  [[nodiscard]] std::filesystem::path locks() const { return state_ / "locks"; }

  [[nodiscard]] std::filesystem::path store_lock() const { return locks() / "store.lock"; }

  [[nodiscard]] std::filesystem::path model_checks(const std::string& project, const std::string& model) const {
    return state_ / "models" / project / (model + ".json");
  }

  [[nodiscard]] std::filesystem::path deployment(const std::string& project, const std::string& model) const {
    return state_ / "deployments" / project / (model + ".json");
  }

  [[nodiscard]] std::filesystem::path tree_of(const std::filesystem::path& project_directory) const;

 private:
  std::filesystem::path state_;
  std::filesystem::path cache_;
};

/// In the directory of a run.
std::filesystem::path step_directory(const std::filesystem::path& run_directory, StepIndex step);

}  // namespace ame
