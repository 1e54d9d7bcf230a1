// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/child_process.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <iostream>

namespace ame::bench {
namespace {

constexpr double kilobytes_per_megabyte = 1024.0;

double peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / kilobytes_per_megabyte;
}

double processor_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

[[noreturn]] void run_and_tell(const std::function<void()>& work, int into) {
  const double before = peak_megabytes();
  const double started = processor_seconds();
  try {
    work();
  } catch (const std::exception& exception) {
    std::cerr << exception.what() << "\n";
    _exit(1);
  }
  const Measurement measurement{.seconds = processor_seconds() - started, .megabytes = peak_megabytes() - before};
  const bool told = write(into, &measurement, sizeof measurement) == sizeof measurement;
  _exit(told ? 0 : 1);
}

}  // namespace

Measurement measured(const std::function<void()>& work) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) {
    std::exit(1);
  }
  const pid_t child = fork();
  if (child == 0) {
    run_and_tell(work, ends[1]);
  }
  close(ends[1]);
  Measurement measurement;
  const bool told = read(ends[0], &measurement, sizeof measurement) == sizeof measurement;
  close(ends[0]);
  waitpid(child, nullptr, 0);
  if (!told) {
    std::cerr << "a measurement failed\n";
    std::exit(1);
  }
  return measurement;
}

std::vector<Measurement> best_of(int runs, const std::vector<Work>& works) {
  std::vector<Measurement> best(works.size(), {.seconds = 1e9, .megabytes = 1e9});
  for (int run = 0; run < runs; ++run) {
    for (std::size_t index = 0; index < works.size(); ++index) {
      const Measurement next = measured(works[index]);
      best[index].seconds = std::min(best[index].seconds, next.seconds);
      best[index].megabytes = std::min(best[index].megabytes, next.megabytes);
    }
  }
  return best;
}

}  // namespace ame::bench
