// SPDX-License-Identifier: Apache-2.0
#include "core/run/step_words.hpp"

#include <csignal>

#include <fmt/format.h>

namespace ame {

std::string description_of(const StepEnd& end) {
  if (!end.reason.empty()) {
    return end.reason;
  }
  return end.signal != 0 ? fmt::format("signal {}", end.signal) : fmt::format("exit code {}", end.exit_code);
}

const char* name_of_stop(int signal) {
  switch (signal) {
    case SIGINT:
      return "Ctrl-C";
    case SIGHUP:
      return "the end of its terminal";
    default:
      return "a request from outside";
  }
}

std::string needed_text(const Step& step) {
  return step.produces.empty() ? fmt::format("`{}`", step.name.text())
                               : fmt::format("the data set `{}`", step.produces);
}

}  // namespace ame
