// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "executors/executor_strategy.hpp"

namespace ame::executors {

/// `!uv`: pyproject.toml and uv.lock, as `uv sync` and `uv run` would.
class UvExecutor final : public ExecutorStrategy {
 public:
  [[nodiscard]] std::string_view tag() const override { return "uv"; }

  [[nodiscard]] std::string_view description() const override { return "a uv project (pyproject.toml, uv.lock)"; }

  [[nodiscard]] StepPlan plan(const Step& step, const FileReader& files) const override;
};

}  // namespace ame::executors
