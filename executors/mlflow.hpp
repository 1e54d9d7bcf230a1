// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "executors/executor_strategy.hpp"

namespace ame::executors {

/// `!mlflow`: an MLproject, as `mlflow run` would, or a command in its environment.
class MlflowExecutor final : public ExecutorStrategy {
 public:
  [[nodiscard]] std::string_view tag() const override { return "mlflow"; }

  [[nodiscard]] std::string_view description() const override {
    return "an MLflow project (MLproject, python_env.yaml)";
  }

  [[nodiscard]] StepPlan plan(const Step& step, const FileReader& files) const override;
};

}  // namespace ame::executors
