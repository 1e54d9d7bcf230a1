// SPDX-License-Identifier: Apache-2.0
#include "tests/support/scripted_process_runner.hpp"

#include <stdexcept>

namespace ame {

ScriptedProcessRunner& ScriptedProcessRunner::then(ProcessEvent event, std::function<void()> before) {
  script_.push_back({.event = std::move(event), .before = std::move(before), .bytes = {}});
  return *this;
}

ScriptedProcessRunner& ScriptedProcessRunner::then_output(ProcessKey key,
                                                          OutputStream stream,
                                                          const std::string& bytes) {
  script_.push_back(
      {.event = ProcessOutput{.process = key, .stream = stream, .bytes = {}}, .before = {}, .bytes = bytes});
  return *this;
}

ScriptedProcessRunner& ScriptedProcessRunner::then_exit(ProcessKey key, int exit_code) {
  return then(ProcessEnded{.process = key, .exit_code = exit_code});
}

void ScriptedProcessRunner::start(ProcessKey key, const ProcessRequest& request) {
  started_.push_back({.key = key, .request = request});
}

ProcessEvent ScriptedProcessRunner::wait(Deadline deadline) {
  deadlines_.push_back(deadline);
  if (script_.empty()) {
    throw std::logic_error("waited for a process event that no test scripted");
  }
  told_ = std::move(script_.front());
  script_.pop_front();
  if (told_.before) {
    told_.before();
  }
  if (auto* output = std::get_if<ProcessOutput>(&told_.event)) {
    output->bytes = told_.bytes;
  }
  return told_.event;
}

std::vector<TreeUsage> ScriptedProcessRunner::measure(const std::vector<ProcessKey>& /*keys*/) {
  if (measures_.empty()) {
    return {};
  }
  std::vector<TreeUsage> usages = std::move(measures_.front());
  measures_.pop_front();
  return usages;
}

void ScriptedProcessRunner::signal(ProcessKey key, int signal) {
  signals_.push_back({.key = key, .signal = signal});
}

}  // namespace ame
