// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/system/file_descriptor.hpp"

namespace ame {

/// What a watched descriptor belongs to. The generation tells a late event for a slot's former owner from a good one.
struct PollTag {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;
  std::uint8_t kind = 0;
};

/// Waits for descriptors to become readable (epoll).
class Poller {
 public:
  Poller();

  /// Returns an errno value.
  int add(int descriptor, PollTag tag);

  /// Must come before the descriptor is closed: a copy of it in some process would keep it in the set.
  void remove(int descriptor);

  /// The next of what was readable at the last wait; none when all has been taken.
  std::optional<PollTag> next();

  /// Waits at most so long; less than 0 waits for ever. Requires that next() gave none.
  void wait(int milliseconds);

 private:
  static constexpr std::size_t batch = 64;

  FileDescriptor epoll_;
  std::array<PollTag, batch> ready_{};
  std::size_t ready_count_ = 0;
  std::size_t taken_ = 0;
};

}  // namespace ame
