// SPDX-License-Identifier: Apache-2.0
#include "core/run/mlflow_job_runner.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "core/run/step_plan.hpp"

namespace ame {

namespace {

constexpr std::size_t digits = 32;

}  // namespace

MlflowJobRunner::MlflowJobRunner(JobRunner& inner)
    : inner_(inner) {}

void MlflowJobRunner::start(const Job& job) {
  const bool is_mlflow = job.plan != nullptr && job.plan->environment && job.plan->environment->manager == "mlflow";
  searches_.erase(job.step);
  if (is_mlflow) {
    searches_[job.step] = {};
  }
  inner_.start(job);
}

JobEvent MlflowJobRunner::wait(std::optional<std::chrono::steady_clock::time_point> deadline) {
  constexpr std::size_t longest = 2 * digits;
  JobEvent event = inner_.wait(deadline);
  if (const auto* const output = std::get_if<JobOutput>(&event)) {
    const auto search = searches_.find(output->step);
    if (search != searches_.end() && search->second.found.empty()) {
      std::string& tail = search->second.tail;
      tail += output->bytes;
      search->second.found = mlflow_run_in(tail);
      tail.erase(0, tail.size() - std::min(tail.size(), longest));
    }
  } else if (auto* const end = std::get_if<JobEnded>(&event)) {
    if (const auto search = searches_.find(end->step); search != searches_.end()) {
      end->mlflow_run = std::move(search->second.found);
      searches_.erase(search);
    }
  }
  return event;
}

std::string mlflow_run_in(std::string_view output) {
  constexpr std::array<std::string_view, 2> before = {"ID '", "/runs/"};
  for (const std::string_view word : before) {
    for (std::size_t at = output.find(word); at != std::string_view::npos; at = output.find(word, at + 1)) {
      const std::string_view id = output.substr(at + word.size(), digits);
      if (id.size() == digits && id.find_first_not_of("0123456789abcdef") == std::string_view::npos) {
        return std::string(id);
      }
    }
  }
  return {};
}

}  // namespace ame
