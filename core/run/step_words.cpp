// SPDX-License-Identifier: Apache-2.0
#include "core/run/step_words.hpp"

#include <fmt/format.h>

namespace ame {

std::string description_of(const StepEnd& end) {
  if (!end.reason.empty()) {
    return end.reason;
  }
  return end.signal != 0 ? fmt::format("signal {}", end.signal) : fmt::format("exit code {}", end.exit_code);
}

std::string needed_text(const Step& step) {
  return step.produces.empty() ? fmt::format("`{}`", step.name.text())
                               : fmt::format("the data set `{}`", step.produces);
}

}  // namespace ame
