// SPDX-License-Identifier: Apache-2.0
#include "clusters/slurm/slurm_jobs.hpp"

#include <map>

#include <fmt/format.h>

namespace ame::clusters {

namespace {

constexpr std::size_t most_elements = 1000;  // what a Slurm takes that is not told otherwise (MaxArraySize)

/// "fit" of `fit@lr=0.1`.
std::string matrix_of(const Step& step) {
  return step.bindings.empty() ? std::string() : step.name.text().substr(0, step.name.text().find('@'));
}

}  // namespace

SlurmJobs::SlurmJobs(const TaskGraph& graph, const std::function<std::string(StepIndex)>& header)
    : graph_(graph) {
  std::map<std::string, std::size_t> of_matrix;  // by all that has to be the same
  for (StepIndex index = 0; index < graph.steps.size(); ++index) {
    const Step& step = graph.steps[index];
    std::size_t job = jobs_.size();
    if (const std::string matrix = matrix_of(step); !matrix.empty()) {
      const std::string alike = fmt::format("{}\n{}\n{}", matrix, fmt::join(step.needs, ","), header(index));
      std::size_t& latest = of_matrix.try_emplace(alike, job).first->second;
      if (latest != job && jobs_[latest].steps.size() == most_elements) {
        latest = job;
      }
      job = latest;
    }
    if (job == jobs_.size()) {
      jobs_.emplace_back();
    }
    places_.push_back({.job = job, .element = jobs_[job].steps.size()});
    jobs_[job].steps.push_back(index);
  }
}

std::string SlurmJobs::number_of(StepIndex step, const NumberOf& number_of_job) const {
  const Place& place = places_.at(step);
  const std::string number = number_of_job(place.job);
  return jobs_[place.job].is_array() ? fmt::format("{}_{}", number, place.element) : number;
}

std::string SlurmJobs::dependencies_of(const SlurmJob& job, const NumberOf& number_of_job) const {
  std::map<std::size_t, std::vector<StepIndex>> needed;
  for (const StepIndex need : graph_.steps[job.steps.front()].needs) {
    needed[places_.at(need).job].push_back(need);
  }
  std::string well;
  std::string anyhow;
  for (const auto& [number, steps] : needed) {
    // The steps of one job are of one task.
    std::string& text = graph_.steps[steps.front()].task->ignore_errors ? anyhow : well;
    if (steps.size() == jobs_[number].steps.size()) {
      text += ":" + number_of_job(number);
      continue;
    }
    for (const StepIndex step : steps) {
      text += ":" + number_of(step, number_of_job);
    }
  }
  const std::string afterok = well.empty() ? "" : "afterok" + well;
  const std::string afterany = anyhow.empty() ? "" : "afterany" + anyhow;
  return afterok + (well.empty() || anyhow.empty() ? "" : ",") + afterany;
}

}  // namespace ame::clusters
