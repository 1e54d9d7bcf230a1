// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <future>
#include <utility>

namespace ame::cli {

/// What a call gives or throws, made in a thread that has just begun; in this one where there can be no other.
///
/// For what starts many processes after much reading. Linux puts a new process beside the thread that starts it or on
/// another processor, by how much of its own that thread is expected to need, and goes on expecting what it once saw
/// for as long as the thread has to wait for its turns: who has read for a third of a second is never joined again.
template <class Call>
auto in_fresh_thread(Call call) {
  return std::async(std::launch::async | std::launch::deferred, std::move(call)).get();
}

}  // namespace ame::cli
