// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "core/model/resources.hpp"
#include "core/model/run.hpp"
#include "core/model/task.hpp"

namespace ame {

/// A step that ran out of memory is tried with more, however often it was tried before; with as much, it is not.
bool wants_more_memory(const RetryPolicy& policy, const Resources& had, const StepRecord& failed);

/// Whether the policy gives a step that failed another attempt.
bool allows_another(const RetryPolicy& policy, const StepRecord& failed);

/// Before the attempt after this one; at most a day.
std::chrono::milliseconds backoff_after(const RetryPolicy& policy, int attempt);

}  // namespace ame
