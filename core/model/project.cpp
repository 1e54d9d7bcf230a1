// SPDX-License-Identifier: Apache-2.0
#include "core/model/project.hpp"

#include <algorithm>

namespace ame {

std::shared_ptr<const Task> Project::find_task(const TaskName& wanted) const {
  const auto found = std::ranges::find_if(tasks, [&](const auto& task) { return task->name == wanted; });
  return found == tasks.end() ? nullptr : *found;
}

}  // namespace ame
