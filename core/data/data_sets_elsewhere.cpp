// SPDX-License-Identifier: Apache-2.0
#include "core/data/data_sets_elsewhere.hpp"

#include <utility>

#include <fmt/format.h>

#include "core/data/data_set_chores.hpp"
#include "core/error.hpp"

namespace ame {

DataSetsElsewhere::DataSetsElsewhere(JobRunner& inner,
                                     const std::vector<DataSetRequest>& requests,
                                     const std::filesystem::path& project,
                                     const std::set<StepIndex>& done,
                                     DataSetPorts ports)
    : KeepingElsewhere(inner),
      ports_(std::move(ports)) {
  for (const DataSetRequest& request : requests) {
    Making& making = makings_.emplace_back();
    making.request = request;
    making.request.plan.directory = project;
    for (const StepIndex step : request.plan.made_by) {
      if (!done.contains(step)) {
        making.unfinished.insert(step);
      }
    }
    const std::filesystem::path lock = data_set_lock(ports_.layout, request.plan);
    ports_.step.files.make_directories(lock.parent_path());
    making.lock = ports_.step.locks.try_lock(lock);
  }
}

void DataSetsElsewhere::keep(JobEnded& ended, const std::function<void(const std::string& line)>& tell) {
  for (Making& making : makings_) {
    if (making.unfinished.contains(ended.step)) {
      step_ended(making, ended, tell);
    }
  }
}

void DataSetsElsewhere::step_ended(Making& making,
                                   JobEnded& ended,
                                   const std::function<void(const std::string& line)>& tell) {
  const DataSetPlan& plan = making.request.plan;
  if (ended.state == RunState::succeeded) {
    making.unfinished.erase(ended.step);
    if (!making.unfinished.empty()) {
      return;
    }
    try {
      keep_data_set(making.request, ports_, tell);
    } catch (const Error& error) {
      ended.state = RunState::failed;
      ended.end = {.reason = fmt::format(
                       "the data set `{}` was not stored: {}", plan.shown, error.diagnostics().front().message)};
    }
  }
  const std::filesystem::path failure = data_set_failure(ports_.layout, plan);
  if (ended.state == RunState::succeeded) {
    ports_.step.files.remove_all(failure);
  } else {
    ports_.step.files.write_atomically(failure, fmt::format("{}\n", making.request.run.number));
  }
  making.lock.reset();
}

}  // namespace ame
