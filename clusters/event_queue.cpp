// SPDX-License-Identifier: Apache-2.0
#include "clusters/event_queue.hpp"

#include <utility>
#include <variant>

namespace ame::clusters {

namespace {

constexpr std::size_t piece = 64U << 10U;
constexpr std::size_t most_events = 256;

}  // namespace

void EventQueue::push_output(StepIndex step, OutputStream stream, std::string bytes) {
  events_.push_back({.event = JobOutput{.step = step, .stream = stream, .bytes = {}}, .bytes = std::move(bytes)});
}

bool EventQueue::push_file(StepIndex step,
                           OutputStream stream,
                           const std::filesystem::path& file,
                           const FileReader& files,
                           std::uint64_t& told) {
  while (events_.size() < most_events) {
    std::string part = files.read_part(file, told, piece);
    if (part.empty()) {
      return true;
    }
    told += part.size();
    push_output(step, stream, std::move(part));
  }
  return false;
}

JobEvent EventQueue::next() {
  Told told = std::move(events_.front());
  events_.pop_front();
  bytes_ = std::move(told.bytes);
  if (auto* const output = std::get_if<JobOutput>(&told.event)) {
    output->bytes = bytes_;
  }
  return std::move(told.event);
}

}  // namespace ame::clusters
