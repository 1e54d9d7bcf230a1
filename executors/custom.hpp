// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "executors/executor_strategy.hpp"

namespace ame::executors {

/// `!custom`: the command as it is, with no set-up.
class CustomExecutor final : public ExecutorStrategy {
 public:
  [[nodiscard]] std::string_view tag() const override { return "custom"; }

  [[nodiscard]] std::string_view description() const override { return "any command, with no set-up"; }

  [[nodiscard]] StepPlan plan(const Step& step, const FileReader& files) const override;
};

}  // namespace ame::executors
