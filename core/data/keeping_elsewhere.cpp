// SPDX-License-Identifier: Apache-2.0
#include "core/data/keeping_elsewhere.hpp"

#include <utility>
#include <variant>

namespace ame {

JobEvent KeepingElsewhere::wait(std::optional<std::chrono::steady_clock::time_point> deadline) {
  if (told_.empty()) {
    JobEvent event = inner().wait(deadline);
    auto* const ended = std::get_if<JobEnded>(&event);
    if (ended == nullptr) {
      return event;
    }
    keep(*ended, [&, step = ended->step](const std::string& line) {
      told_.emplace_back(JobProgress{.step = step, .line = line});
    });
    told_.push_back(std::move(event));
  }
  JobEvent event = std::move(told_.front());
  told_.pop_front();
  return event;
}

}  // namespace ame
