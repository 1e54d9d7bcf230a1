// SPDX-License-Identifier: Apache-2.0
#include "core/data/data_set_chores.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace ame {

namespace fs = std::filesystem;

fs::path data_set_lock(const DataLayout& layout, const DataSetPlan& plan) {
  return layout.locks() / fmt::format("data-{}.{}.lock", plan.project.text(), plan.name);
}

fs::path data_set_failure(const DataLayout& layout, const DataSetPlan& plan) {
  return layout.locks() / fmt::format("data-{}.{}.failed", plan.project.text(), plan.name);
}

DataSetChores::DataSetChores(std::vector<DataSetOfRun> data_sets,
                             DataSetSettings settings,
                             FileSystem& files,
                             FileLocks& locks)
    : settings_(std::move(settings)),
      files_(files),
      locks_(locks) {
  for (DataSetOfRun& data_set : data_sets) {
    const std::size_t index = makings_.size();
    Making& making = makings_.emplace_back();
    making.data_set = std::move(data_set);
    for (const StepIndex user : making.data_set.users) {
      used_by_[user].push_back(index);
    }
    if (making.data_set.is_ready) {
      making.stage = Stage::ready;
      files_.make_directories(directory_of(making), FileMode::owner_only);
      files_.write_atomically(
          request_of(making).key_file, data_set_key_json(making.data_set.key), FileMode::owner_only);
      continue;
    }
    for (const StepIndex step : making.data_set.plan.made_by) {
      made_by_[step] = index;
      making.unfinished.insert(step);
    }
  }
}

AfterChore DataSetChores::before(const Job& job) {
  const auto made = made_by_.find(job.step);
  if (made != made_by_.end() && makings_[made->second].stage != Stage::being_made) {
    return before_making(makings_[made->second], job);
  }
  return place_for(job);
}

/// The first step of a data set decides for all of them, with the lock in hand.
AfterChore DataSetChores::before_making(Making& making, const Job& job) {
  if (making.stage == Stage::ready) {
    return EndStep{.state = RunState::succeeded, .end = {}};
  }
  if (making.stage == Stage::being_looked_at) {
    making.held.insert(job.step);
    return Hold{};
  }
  const fs::path lock = data_set_lock(settings_.layout, making.data_set.plan);
  files_.make_directories(lock.parent_path());
  making.lock = locks_.try_lock(lock);
  const fs::path request = write(directory_of(making) / data_request_file_name, {request_of(making)});
  if (!making.lock) {
    return Insert{{{.command = "await-data-set",
                    .request = request,
                    .failure = "the data set could not be waited for",
                    .then = [](const ChoreReport& /*report*/) { return AskAgain{}; }}}};
  }
  making.stage = Stage::being_looked_at;
  return Insert{{{.command = "look-at-data-set",
                  .request = request,
                  .failure = "the data set could not be looked at",
                  .then = [this, &making, step = job.step](const ChoreReport& report) {
                    return looked_at(making, step, report);
                  }}}};
}

AfterChore DataSetChores::looked_at(Making& making, StepIndex /*step*/, const ChoreReport& report) {
  making.stage = report.answer() == "ready" ? Stage::ready : Stage::being_made;
  wake(making);
  if (making.stage == Stage::ready) {
    making.lock.reset();
    return EndStep{.state = RunState::succeeded, .end = {}};
  }
  return AskAgain{};
}

AfterChore DataSetChores::place_for(const Job& job) {
  const auto used = used_by_.find(job.step);
  if (used == used_by_.end() || !placed_.insert(job.step).second) {
    return GoOn{};
  }
  std::vector<DataSetRequest> requests;
  for (const std::size_t index : used->second) {
    requests.push_back(request_of(makings_[index]));
    requests.back().destination = job.project;
  }
  const fs::path file = data_directory(settings_.run_directory) / fmt::format("place-{}.json", job.step);
  return Insert{{{.command = "place-data-sets",
                  .request = write(file, requests),
                  .failure = "its data could not be put in place",
                  .then = {}}}};
}

std::vector<Chore> DataSetChores::after(const Job& job, const JobEnded& ended) {
  const auto made = made_by_.find(job.step);
  if (made == made_by_.end() || ended.state != RunState::succeeded) {
    return {};
  }
  const Making& making = makings_[made->second];
  if (making.stage != Stage::being_made || making.unfinished.size() != 1 || !making.unfinished.contains(job.step)) {
    return {};
  }
  return {{.command = "keep-data-set",
           .request = directory_of(making) / data_request_file_name,
           .failure = fmt::format("the data set `{}` was not stored", making.data_set.plan.shown),
           .then = {}}};
}

void DataSetChores::ended(const Job& job, const JobEnded& ended) {
  // A further attempt puts its data in place again.
  placed_.erase(job.step);
  const auto made = made_by_.find(job.step);
  if (made == made_by_.end()) {
    return;
  }
  Making& making = makings_[made->second];
  const fs::path failure = data_set_failure(settings_.layout, making.data_set.plan);
  if (ended.state != RunState::succeeded) {
    if (making.stage == Stage::being_looked_at) {
      making.stage = Stage::unknown;
      making.lock.reset();
      wake(making);
    }
    files_.write_atomically(failure, fmt::format("{}\n", settings_.run.number));
    return;
  }
  making.unfinished.erase(job.step);
  if (making.unfinished.empty() && making.lock) {
    making.lock.reset();
    files_.remove_all(failure);
  }
}

std::vector<StepIndex> DataSetChores::woken() {
  return std::exchange(woken_, {});
}

void DataSetChores::wake(Making& making) {
  woken_.insert(woken_.end(), making.held.begin(), making.held.end());
  making.held.clear();
}

DataSetRequest DataSetChores::request_of(const Making& making) const {
  return {.plan = making.data_set.plan,
          .refresh = settings_.refresh,
          .key_file = directory_of(making) / key_file_name,
          .run = settings_.run,
          .origin = settings_.origin,
          .destination = {}};
}

fs::path DataSetChores::directory_of(const Making& making) const {
  return data_directory(settings_.run_directory, making.data_set.plan);
}

fs::path DataSetChores::write(const fs::path& file, const std::vector<DataSetRequest>& requests) {
  files_.make_directories(file.parent_path(), FileMode::owner_only);
  files_.write_atomically(file, data_set_requests_json(requests), FileMode::owner_only);
  return file;
}

}  // namespace ame
