// SPDX-License-Identifier: Apache-2.0
#include <signal.h>

#include <algorithm>
#include <string>

#include "core/system/process_loop.hpp"
#include "core/system/system_call.hpp"

namespace ame {

namespace {

/// Itself, or what a shell ran for it.
bool was_killed(const ProcessEnded& end) {
  return end.signal == SIGKILL || end.exit_code == 128 + SIGKILL;
}

}  // namespace

bool PosixProcessRunner::Loop::is_for_a_cgroup(const ProcessLimits& limits) {
  return limits.memory > 0 || limits.cpu_milli > 0;
}

/// Just after it was started: what it starts itself within that instant, the watch over its tree still sees.
void PosixProcessRunner::Loop::confine(Process& process, const ProcessLimits& limits) {
  if (!is_for_a_cgroup(limits) || !own_cgroup_home()) {
    return;
  }
  const std::string name = "ame-step-" + std::to_string(process.pid);
  std::optional<StepCgroup> group = own_cgroup_home()->make(name, limits);
  if (!group) {
    return;
  }
  const FileDescriptor procs = group->open_procs();
  if (!procs.is_open() || write_all(procs.number(), std::to_string(process.pid)) != 0) {
    group->remove();
    return;
  }
  process.cgroup = std::move(group);
  process.memory_limit = limits.memory;
}

void PosixProcessRunner::Loop::leave_cgroup(Process& process) {
  if (!process.cgroup) {
    return;
  }
  ProcessEnded& end = process.end;
  if (process.memory_limit > 0) {
    end.limited_by = "cgroup";
  }
  end.usage.peak_memory = std::max(end.usage.peak_memory, process.cgroup->peak_memory());
  if (process.memory_limit > 0 && was_killed(end) && process.cgroup->ran_out_of_memory()) {
    end.exceeded =
        LimitExceeded{.limit = process.memory_limit, .peak = std::max(process.memory_limit, end.usage.peak_memory)};
  }
  process.cgroup->kill();
  process.cgroup->remove();
  process.cgroup.reset();
}

/// Nobody but the kernel tells what it kills for memory outside of our control groups, and it tells only how often.
void PosixProcessRunner::Loop::name_kernel_kill(Process& process) {
  ProcessEnded& end = process.end;
  if (was_killed(end) && !process.was_signalled && !end.exceeded && KernelKills::count() > process.kernel_kills) {
    end.exceeded = LimitExceeded{.kind = LimitExceeded::Kind::machine_memory, .peak = end.usage.peak_memory};
  }
}

}  // namespace ame
