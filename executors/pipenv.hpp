// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "executors/executor_strategy.hpp"

namespace ame::executors {

/// `!pipenv`: Pipfile and Pipfile.lock, as `pipenv sync` and `pipenv run` would.
class PipenvExecutor final : public ExecutorStrategy {
 public:
  [[nodiscard]] std::string_view tag() const override { return "pipenv"; }

  [[nodiscard]] std::string_view description() const override { return "a Pipenv project (Pipfile, Pipfile.lock)"; }

  [[nodiscard]] StepPlan plan(const Step& step, const FileReader& files) const override;
};

}  // namespace ame::executors
