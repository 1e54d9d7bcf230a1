// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "executors/executor_strategy.hpp"

namespace ame::executors {

/// `!pip`: a virtual environment with what requirements.txt names.
class PipExecutor final : public ExecutorStrategy {
 public:
  [[nodiscard]] std::string_view tag() const override { return "pip"; }

  [[nodiscard]] std::string_view description() const override { return "a requirements file, installed by pip"; }

  [[nodiscard]] StepPlan plan(const Step& step, const FileReader& files) const override;
};

}  // namespace ame::executors
