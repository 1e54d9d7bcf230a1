// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/model/task.hpp"

namespace ame::cli {

/// A task as it is meant, templates and references applied, in the words of ame.yml: an item of `tasks`.
std::string task_yaml(const Task& task);

/// The same as JSON, with every key. A tag is the key `tag`.
std::string task_json(const Task& task);

}  // namespace ame::cli
