// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace ame {

/// Calls `body(index, mutex)` for each index below `count`, so many at once. The mutex is shared by all calls. After a
/// failure no further call begins; the first one is thrown once all have ended.
template <class Body>
void in_threads(std::size_t count, std::size_t at_once, Body body) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr failure;
  const auto work = [&] {
    try {
      for (std::size_t index = next.fetch_add(1); index < count; index = next.fetch_add(1)) {
        body(index, mutex);
      }
    } catch (...) {
      next = count;
      const std::scoped_lock guard(mutex);
      failure = failure ? failure : std::current_exception();
    }
  };
  {
    const std::size_t threads = std::min(at_once, count);
    std::vector<std::jthread> others;
    for (std::size_t index = 1; index < threads; ++index) {
      others.emplace_back(work);
    }
    work();
  }
  if (failure) {
    std::rethrow_exception(failure);
  }
}

/// The same with the threads of the machine, where that is worth while.
template <class Body>
void in_threads(std::size_t count, Body body) {
  constexpr std::size_t worth_a_thread = 16;
  constexpr std::size_t most_threads = 8;
  const std::size_t machine = std::max(1U, std::thread::hardware_concurrency());
  in_threads(count, std::min({machine, most_threads, count / worth_a_thread + 1}), body);
}

}  // namespace ame
