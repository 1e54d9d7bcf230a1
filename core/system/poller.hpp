// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/system/file_descriptor.hpp"

namespace ame {

/// What a watched descriptor belongs to. The generation tells a late event for a slot's former owner from a good one.
struct PollTag {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;
  std::uint8_t kind = 0;
  bool is_hung_up = false;  ///< set when it is told: nobody is left to write
};

/// Waits for descriptors to become readable (epoll). Each change is told once: who leaves something unread says so.
class Poller {
 public:
  Poller();

  /// Returns an errno value.
  int add(int descriptor, PollTag tag);

  /// There is more to read: tells it again, after whatever else has become readable.
  void tell_again(PollTag tag) { again_.push_back(tag); }

  /// The next of what was readable at the last wait; none when all has been taken.
  std::optional<PollTag> next();

  /// Waits at most so long, and not at all where something is to be told again; less than 0 waits for ever. Requires
  /// that next() gave none.
  void wait(int milliseconds);

 private:
  FileDescriptor epoll_;
  std::vector<PollTag> ready_;
  std::size_t taken_ = 0;
  std::vector<PollTag> again_;
};

}  // namespace ame
