// SPDX-License-Identifier: Apache-2.0
#include "core/run/suggest_resources.hpp"

#include <algorithm>
#include <chrono>

namespace ame {

namespace {

constexpr std::int64_t mebibyte = 1LL << 20;
constexpr std::int64_t gibibyte = 1LL << 30;

std::int64_t round_up(std::int64_t amount, std::int64_t step) {
  return (amount + step - 1) / step * step;
}

/// A number that a person would write.
std::int64_t round_bytes(std::int64_t bytes) {
  if (bytes <= gibibyte) {
    return round_up(bytes, 64 * mebibyte);
  }
  return bytes <= 8 * gibibyte ? round_up(bytes, 256 * mebibyte) : round_up(bytes, gibibyte);
}

std::int64_t round_threads(std::int64_t milli) {
  if (milli <= 1000) {
    return std::max<std::int64_t>(round_up(milli, 100), 100);
  }
  return milli <= 4000 ? round_up(milli, 500) : round_up(milli, 1000);
}

std::int64_t threads_milli_of(const StepRecord& step) {
  if (!step.started || !step.ended) {
    return 0;
  }
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(*step.ended - *step.started).count();
  return took <= 0 ? 0 : step.cpu.count() * 1000 / took;
}

bool tells_something(const StepRecord& step) {
  const bool has_run = step.started && step.ended && !step.needless;
  return has_run && (step.state == RunState::succeeded || step.end.out_of_memory);
}

}  // namespace

UsageHistory usage_in(const std::vector<StepRecord>& steps) {
  UsageHistory history;
  for (const StepRecord& step : steps) {
    if (!tells_something(step)) {
      continue;
    }
    ++history.runs;
    history.peak_memory = std::max(history.peak_memory, step.peak_memory);
    history.peak_gpu_memory = std::max(history.peak_gpu_memory, step.peak_gpu_memory);
    history.threads_milli = std::max(history.threads_milli, threads_milli_of(step));
    if (step.end.out_of_memory) {
      ++history.out_of_memory;
      history.memory_too_little = std::max(history.memory_too_little, step.memory_limit);
    }
  }
  return history;
}

Resources suggested_by(const UsageHistory& history) {
  Resources resources;
  if (history.runs == 0) {
    return resources;
  }
  resources.cpu = Quantity::of_milli(round_threads(history.threads_milli));
  const std::int64_t with_room = history.peak_memory + history.peak_memory / 4;
  resources.memory = Quantity::of_whole(round_bytes(std::max(with_room, 2 * history.memory_too_little)));
  if (history.peak_gpu_memory > 0) {
    resources.gpu = GpuRequest{.vendor = "",
                               .model = "",
                               .count = Quantity::of_whole(1),
                               .memory = Quantity::of_whole(round_up(history.peak_gpu_memory * 11 / 10, gibibyte))};
  }
  return resources;
}

}  // namespace ame
