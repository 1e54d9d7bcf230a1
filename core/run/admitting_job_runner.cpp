// SPDX-License-Identifier: Apache-2.0
#include "core/run/admitting_job_runner.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "core/run/gpu.hpp"

namespace ame {

namespace {

Job with_variables(const Job& job, const std::vector<EnvironmentVariable>& variables) {
  Job shown = job;
  for (const EnvironmentVariable& variable : variables) {
    if (std::ranges::find(shown.environment, variable.key, &EnvironmentVariable::key) == shown.environment.end()) {
      shown.environment.push_back(variable);
    }
  }
  return shown;
}

}  // namespace

void AdmittingJobRunner::start(const Job& job) {
  std::optional<Grant> grant = pool_.acquire(job.resources);
  if (!grant) {
    throw std::logic_error(fmt::format("`{}` was started without room for it", job.name.text()));
  }
  const Grant& held = grants_[job.step] = std::move(*grant);
  if (held.gpus.empty()) {
    inner_.start(job);
  } else {
    Job shown = with_variables(job, gpu_variables(pool_.capacity().gpus, held));
    for (const GpuShare& share : held.gpus) {
      shown.gpus.push_back(pool_.capacity().gpus[share.device]);
    }
    inner_.start(shown);
  }
}

JobEvent AdmittingJobRunner::wait(std::optional<std::chrono::steady_clock::time_point> deadline) {
  JobEvent event = inner_.wait(deadline);
  if (const auto* ended = std::get_if<JobEnded>(&event)) {
    const auto held = grants_.find(ended->step);
    if (held != grants_.end()) {
      pool_.release(held->second);
      grants_.erase(held);
    }
  }
  return event;
}

}  // namespace ame
