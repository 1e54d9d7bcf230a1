// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <string>

#include "core/ports/file_system.hpp"
#include "core/run/job.hpp"

namespace ame::clusters {

/// What a runner has to tell, in its order. Of what jobs write it holds a little at a time, whatever they write.
class EventQueue {
 public:
  [[nodiscard]] bool empty() const { return events_.empty(); }

  void clear() { events_.clear(); }

  void push(JobEvent event) { events_.push_back({.event = std::move(event)}); }

  void push_output(StepIndex step, OutputStream stream, std::string bytes);

  /// What a job has written into a file from byte `told` on, as far as there is room; `told` goes on with it. False:
  /// there is more.
  bool push_file(StepIndex step,
                 OutputStream stream,
                 const std::filesystem::path& file,
                 const FileReader& files,
                 std::uint64_t& told);

  /// Requires that it is not empty. What the event refers to is good until the next call.
  JobEvent next();

 private:
  struct Told {
    JobEvent event;
    std::string bytes = {};
  };

  std::deque<Told> events_;
  std::string bytes_;  ///< of the event that was handed out last
};

}  // namespace ame::clusters
