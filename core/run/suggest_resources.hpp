// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/model/resources.hpp"
#include "core/model/run.hpp"

namespace ame {

/// What a task has used, over its runs that are known.
struct UsageHistory {
  std::size_t runs = 0;                ///< that ended by themselves or ran out of memory
  std::size_t out_of_memory = 0;       ///< of them
  std::int64_t peak_memory = 0;        ///< bytes, the most of all
  std::int64_t peak_gpu_memory = 0;    ///< bytes; 0: not known
  std::int64_t threads_milli = 0;      ///< thousandths of a thread kept busy, on average over a run, the most of all
  std::int64_t memory_too_little = 0;  ///< bytes: the largest limit that a run exceeded; 0: none did

  bool operator==(const UsageHistory&) const = default;
};

/// Of attempts of one task. Those that were cancelled, skipped or never started tell nothing.
UsageHistory usage_in(const std::vector<StepRecord>& steps);

/// What to ask for: the most that was used and a quarter more of memory, in round numbers; twice what was too little.
/// Empty where nothing is known.
Resources suggested_by(const UsageHistory& history);

}  // namespace ame
