// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/run/suggest_resources.hpp"

namespace ame {
namespace {

constexpr std::int64_t mebibyte = 1LL << 20;

/// Ran for ten seconds.
StepRecord step(RunState state, std::int64_t peak, std::chrono::seconds cpu = std::chrono::seconds{10}) {
  StepRecord record{.name = StepName("train"), .state = state};
  record.started = UtcTime{};
  record.ended = UtcTime{} + std::chrono::seconds{10};
  record.peak_memory = peak;
  record.cpu = cpu;
  return record;
}

StepRecord out_of_memory(std::int64_t limit) {
  StepRecord record = step(RunState::failed, limit + mebibyte);
  record.end.out_of_memory = true;
  record.memory_limit = limit;
  return record;
}

}  // namespace

TEST_CASE("the most that was used counts, and a quarter more memory, in numbers that a person would write") {
  const UsageHistory history = usage_in({step(RunState::succeeded, 100 * mebibyte),
                                         step(RunState::succeeded, 900 * mebibyte, std::chrono::seconds{18}),
                                         step(RunState::failed, 9000 * mebibyte),
                                         step(RunState::cancelled, 9000 * mebibyte)});
  CHECK(history.runs == 2);
  CHECK(history.peak_memory == 900 * mebibyte);
  CHECK(history.threads_milli == 1800);
  const Resources suggested = suggested_by(history);
  CHECK(suggested.memory->text() == "1280Mi");
  CHECK(suggested.cpu->text() == "2");
  CHECK_FALSE(suggested.gpu);
}

TEST_CASE("what ran out of memory is to get twice what was too little") {
  const Resources suggested = suggested_by(usage_in({out_of_memory(2048 * mebibyte)}));
  CHECK(suggested.memory->text() == "4Gi");
}

TEST_CASE("a device's memory is asked for when it is known what was used") {
  StepRecord with_gpu = step(RunState::succeeded, mebibyte);
  with_gpu.peak_gpu_memory = 11 * 1024 * mebibyte;
  CHECK(suggested_by(usage_in({with_gpu})).gpu->memory->text() == "13Gi");
}

TEST_CASE("of what never ran nothing is suggested") {
  CHECK(suggested_by(usage_in({})) == Resources{});
}

}  // namespace ame
