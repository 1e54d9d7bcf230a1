// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "executors/executor_strategy.hpp"

namespace ame::executors {

/// `!poetry`: pyproject.toml and poetry.lock, as `poetry install` and `poetry run` would.
class PoetryExecutor final : public ExecutorStrategy {
 public:
  [[nodiscard]] std::string_view tag() const override { return "poetry"; }

  [[nodiscard]] std::string_view description() const override {
    return "a Poetry project (pyproject.toml, poetry.lock)";
  }

  [[nodiscard]] StepPlan plan(const Step& step, const FileReader& files) const override;
};

}  // namespace ame::executors
