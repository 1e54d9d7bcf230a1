// SPDX-License-Identifier: Apache-2.0
#include "core/system/posix_process_runner.hpp"

#include "core/system/guardian.hpp"
#include "core/system/process_loop.hpp"

namespace ame {

PosixProcessRunner::PosixProcessRunner(LeftoverPolicy leftovers)
    : leftovers_(leftovers) {}

PosixProcessRunner::~PosixProcessRunner() = default;

void PosixProcessRunner::get_ready() {
  guardian().stand_by(this_mark_owner());
}

void PosixProcessRunner::listen() {
  if (!loop_) {
    loop_ = std::make_unique<Loop>(leftovers_);
  }
}

void PosixProcessRunner::start(ProcessKey key, const ProcessRequest& request) {
  listen();
  loop_->start(key, request);
}

ProcessEvent PosixProcessRunner::wait(std::optional<std::chrono::steady_clock::time_point> deadline) {
  listen();
  return loop_->wait(deadline);
}

std::vector<TreeUsage> PosixProcessRunner::measure(const std::vector<ProcessKey>& keys) {
  return loop_ ? loop_->measure(keys) : std::vector<TreeUsage>{};
}

void PosixProcessRunner::signal(ProcessKey key, int signal) {
  if (loop_) {
    loop_->signal(key, signal);
  }
}

}  // namespace ame
