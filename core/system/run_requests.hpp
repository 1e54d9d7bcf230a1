// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "core/names.hpp"

namespace ame {

/// What other processes ask of the owner of a run: lines of a file beside its events (docs/formats.md).
class RunRequests {
 public:
  explicit RunRequests(std::filesystem::path file);

  /// Of the requests that came since the last call. A line without its end is left for later.
  std::vector<StepName> take_cancelled_steps();

 private:
  std::filesystem::path file_;
  std::size_t taken_ = 0;  ///< bytes
};

/// Throws Error(machine) when it cannot be written.
void append_cancel_request(const std::filesystem::path& file, const StepName& step);

}  // namespace ame
