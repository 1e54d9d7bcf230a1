// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

namespace ame::bench {

struct Measurement {
  double seconds = 0;    ///< of the processor, which other work on the machine changes least
  double megabytes = 0;  ///< peak of resident memory above that at the start
};

/// Runs the work in a process of its own, so that no measurement sees the memory of another. Ends the benchmark when
/// the work throws.
Measurement measured(const std::function<void()>& work);

using Work = std::function<void()>;

/// The least that each took of several runs in turn: what else happens on the machine only adds.
std::vector<Measurement> best_of(int runs, const std::vector<Work>& works);

}  // namespace ame::bench
