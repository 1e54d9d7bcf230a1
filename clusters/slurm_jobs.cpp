// SPDX-License-Identifier: Apache-2.0
#include "clusters/slurm_jobs.hpp"

#include <algorithm>
#include <cstddef>
#include <map>

#include <fmt/format.h>

namespace ame::clusters {

namespace {

constexpr std::size_t most_elements = 1000;  // what a Slurm takes that is not told otherwise (MaxArraySize)

/// "fit" of `fit@lr=0.1`.
std::string matrix_of(const Step& step) {
  return step.bindings.empty() ? std::string() : step.name.text().substr(0, step.name.text().find('@'));
}

struct Place {
  std::size_t job = 0;
  std::size_t element = 0;
};

std::map<StepIndex, Place> places_of(const std::vector<SlurmJob>& jobs) {
  std::map<StepIndex, Place> places;
  for (std::size_t job = 0; job < jobs.size(); ++job) {
    for (std::size_t element = 0; element < jobs[job].steps.size(); ++element) {
      places[jobs[job].steps[element]] = {.job = job, .element = element};
    }
  }
  return places;
}

std::string number_of_job(std::size_t job) {
  return fmt::format("${{ame_{}%%;*}}", job + 1);
}

std::string number_of_element(const std::vector<SlurmJob>& jobs, const Place& place) {
  const std::string number = number_of_job(place.job);
  return jobs[place.job].is_array() ? fmt::format("{}_{}", number, place.element) : number;
}

}  // namespace

std::vector<SlurmJob> slurm_jobs(const TaskGraph& graph, const std::function<std::string(StepIndex)>& header) {
  std::vector<SlurmJob> jobs;
  std::map<std::string, std::size_t> of_matrix;  // by all that has to be the same
  for (StepIndex index = 0; index < graph.steps.size(); ++index) {
    const Step& step = graph.steps[index];
    const std::string matrix = matrix_of(step);
    if (matrix.empty()) {
      jobs.push_back({.steps = {index}});
      continue;
    }
    const std::string alike = fmt::format("{}\n{}\n{}", matrix, fmt::join(step.needs, ","), header(index));
    const auto [found, is_new] = of_matrix.try_emplace(alike, jobs.size());
    if (is_new || jobs[found->second].steps.size() == most_elements) {
      found->second = jobs.size();
      jobs.emplace_back();
    }
    jobs[found->second].steps.push_back(index);
  }
  return jobs;
}

std::string dependencies_of(const TaskGraph& graph, const std::vector<SlurmJob>& jobs, const SlurmJob& job) {
  const std::map<StepIndex, Place> places = places_of(jobs);
  std::map<std::size_t, std::vector<Place>> needed;
  for (const StepIndex need : graph.steps[job.steps.front()].needs) {
    const Place& place = places.at(need);
    needed[place.job].push_back(place);
  }
  std::string text;
  for (const auto& [number, elements] : needed) {
    if (elements.size() == jobs[number].steps.size()) {
      text += ":" + number_of_job(number);
      continue;
    }
    for (const Place& element : elements) {
      text += ":" + number_of_element(jobs, element);
    }
  }
  return text;
}

std::string number_of(const std::vector<SlurmJob>& jobs, StepIndex step) {
  return number_of_element(jobs, places_of(jobs).at(step));
}

}  // namespace ame::clusters
