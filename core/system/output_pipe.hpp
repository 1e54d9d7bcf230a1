// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <span>

#include "core/system/file_descriptor.hpp"
#include "core/system/poller.hpp"

namespace ame {

/// What a process writes, read by ame. It serves one process after the other: to open its other end again costs half of
/// what a new pipe does that has to be watched, too.
class OutputPipe {
 public:
  struct Lent {
    FileDescriptor end;  ///< for the process to write to
    int error = 0;       ///< errno when there is none
  };

  /// `descriptors` is an open directory with ame's own descriptors; less than 0 where there is none. Requires that it
  /// is not in use. What there is to read is not told before watch().
  Lent lend(int descriptors);

  /// From now on what there is to read is told, also for whom it serves later. Returns an errno value.
  int watch(Poller& poller, PollTag tag);

  /// Whether somebody may still write to it.
  [[nodiscard]] bool is_in_use() const { return is_in_use_; }

  /// As read(2) on an end that never blocks: 0 once nobody can write any more, and from then on it is not in use.
  ssize_t read(std::span<char> bytes);

  /// Nobody listens any more: it serves another process, unless somebody else holds its other end.
  void leave();

 private:
  int make(FileDescriptor& write_end);

  FileDescriptor read_end_;
  bool is_in_use_ = false;
  bool is_watched_ = false;
  bool is_enlarged_ = false;
};

}  // namespace ame
