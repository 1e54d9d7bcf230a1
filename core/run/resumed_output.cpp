// SPDX-License-Identifier: Apache-2.0
#include "core/run/resumed_output.hpp"

#include <algorithm>
#include <variant>

namespace ame {

JobEvent ResumedOutput::wait(std::optional<std::chrono::steady_clock::time_point> deadline) {
  while (true) {
    JobEvent event = inner().wait(deadline);
    auto* const output = std::get_if<JobOutput>(&event);
    const auto known = output == nullptr ? known_.end() : known_.find(output->step);
    if (known == known_.end()) {
      return event;
    }
    std::uint64_t& left = known->second.at(output->stream == OutputStream::standard_output ? 0 : 1);
    const std::uint64_t dropped = std::min<std::uint64_t>(left, output->bytes.size());
    left -= dropped;
    output->bytes.remove_prefix(dropped);
    if (!output->bytes.empty()) {
      return event;
    }
  }
}

}  // namespace ame
