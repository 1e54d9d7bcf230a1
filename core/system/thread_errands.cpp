// SPDX-License-Identifier: Apache-2.0
#include "core/system/thread_errands.hpp"

#include <utility>

#include "core/system/without_signals.hpp"

namespace ame {

namespace {

constexpr std::size_t most_threads = 8;

}  // namespace

ThreadErrands::~ThreadErrands() {
  {
    const std::scoped_lock guard(mutex_);
    stop_.request_stop();
    to_do_.clear();
  }
  has_work_.notify_all();
  for (std::thread& thread : threads_) {
    thread.join();
  }
}

void ThreadErrands::send(Errand errand) {
  {
    const std::scoped_lock guard(mutex_);
    to_do_.push_back(std::move(errand));
  }
  ++untaken_;
  has_work_.notify_one();
  if (threads_.size() < most_threads && threads_.size() < untaken_) {
    const WithoutSignals guard;
    threads_.emplace_back([this] { work(); });
  }
}

bool ThreadErrands::take() {
  Then then;
  {
    const std::scoped_lock guard(mutex_);
    if (done_.empty()) {
      return false;
    }
    then = std::move(done_.front());
    done_.pop_front();
  }
  --untaken_;
  then();
  return true;
}

void ThreadErrands::work() {
  while (true) {
    std::unique_lock guard(mutex_);
    has_work_.wait(guard, [this] { return stop_.stop_requested() || !to_do_.empty(); });
    if (stop_.stop_requested()) {
      return;
    }
    const Errand errand = std::move(to_do_.front());
    to_do_.pop_front();
    guard.unlock();
    Then then = errand(stop_.get_token());
    guard.lock();
    done_.push_back(std::move(then));
  }
}

}  // namespace ame
