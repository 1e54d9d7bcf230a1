// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "core/data/chore_report.hpp"
#include "core/run/job.hpp"

namespace ame {

struct Chore;

/// The step goes on: with the next chore, then its command.
struct GoOn {};

/// These come first, before the other chores.
struct Insert {
  std::vector<Chore> chores;
};

/// The step ends here, without its command.
struct EndStep {
  RunState state = RunState::succeeded;
  StepEnd end;
};

/// Not now: whoever said so wakes the step by name, and is then asked again what comes before its command.
struct Hold {};

/// Whoever said so is asked again what comes before the command.
struct AskAgain {};

using AfterChore = std::variant<GoOn, Insert, EndStep, Hold, AskAgain>;

/// Something that ame does for a step beside its command, in a child of its own, so that it can take its time and be
/// stopped like any process. What is to be done is a file; where it is done is the runner's business.
struct Chore {
  std::string command;            ///< of `ame internal`
  std::filesystem::path request;  ///< what it reads
  std::string failure;            ///< "its artifacts could not be stored": begins the reason of a failed step
  bool in_environment = false;    ///< the step's environment is made first
  std::function<AfterChore(const ChoreReport&)> then;  ///< none: go on
};

/// Knows which chores the steps of a run have.
class StepChores {
 public:
  StepChores() = default;
  StepChores(const StepChores&) = delete;
  StepChores& operator=(const StepChores&) = delete;
  virtual ~StepChores() = default;

  /// Asked when a step starts, at each attempt; decides what comes before its command.
  virtual AfterChore before(const Job& job) = 0;

  /// Asked when its command has ended.
  virtual std::vector<Chore> after(const Job& job, const JobEnded& ended) = 0;

  /// The step has ended, whatever came of it.
  virtual void ended(const Job& job, const JobEnded& ended) = 0;

  /// Steps that are on hold no longer, each once.
  virtual std::vector<StepIndex> woken() { return {}; }
};

}  // namespace ame
