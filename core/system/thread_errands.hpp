// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "core/ports/errands.hpp"

namespace ame {

/// In a few threads, begun when they are first needed, that no signal reaches.
class ThreadErrands final : public Errands {
 public:
  ThreadErrands() = default;
  ThreadErrands(const ThreadErrands&) = delete;
  ThreadErrands& operator=(const ThreadErrands&) = delete;
  ~ThreadErrands() override;

  void send(Errand errand) override;
  bool take() override;

  [[nodiscard]] bool is_busy() const override { return untaken_ > 0; }

 private:
  void work();

  std::stop_source stop_;
  std::mutex mutex_;
  std::condition_variable has_work_;
  std::deque<Errand> to_do_;
  std::deque<Then> done_;
  std::size_t untaken_ = 0;  ///< sent and not yet taken; the owner's alone
  std::vector<std::thread> threads_;
};

}  // namespace ame
