// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <set>
#include <vector>

#include "core/data/data_set_work.hpp"
#include "core/data/keeping_elsewhere.hpp"
#include "core/ports/file_locks.hpp"

namespace ame {

/// Keeps the data sets that a run makes whose files are not in its project, each once the last of its steps has ended
/// well. While one is being made here, runs at home wait for it.
class DataSetsElsewhere final : public KeepingElsewhere {
 public:
  /// `requests` have their key files; `project` is where the steps leave their files; `done` are steps that have ended
  /// well before. All that is referred to outlives this.
  DataSetsElsewhere(JobRunner& inner,
                    const std::vector<DataSetRequest>& requests,
                    const std::filesystem::path& project,
                    const std::set<StepIndex>& done,
                    DataSetPorts ports);

 private:
  struct Making {
    DataSetRequest request;
    std::set<StepIndex> unfinished;
    std::unique_ptr<FileLock> lock;  ///< none: another run makes the same at the same time
  };

  void keep(JobEnded& ended, const std::function<void(const std::string& line)>& tell) override;
  void step_ended(Making& making, JobEnded& ended, const std::function<void(const std::string& line)>& tell);

  std::vector<Making> makings_;
  DataSetPorts ports_;
};

}  // namespace ame
