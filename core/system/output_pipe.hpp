// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <span>

#include "core/system/file_descriptor.hpp"
#include "core/system/poller.hpp"

namespace ame {

/// What a process writes, read by ame. It serves one process after the other, each of which opens its other end again:
/// a new pipe costs ame more, and has to be watched anew.
class OutputPipe {
 public:
  struct Lent {
    int read_end = -1;
    FileDescriptor write_end;  ///< not open where it was open before: the process opens it, by the read end
    int error = 0;             ///< errno when there is no pipe
  };

  /// Requires that it is not in use. What there is to read is not told before watch().
  Lent lend(bool may_be_reopened);

  /// From now on what there is to read is told, also for whom it serves later. Returns an errno value.
  int watch(Poller& poller, PollTag tag);

  /// Whether somebody may still write to it.
  [[nodiscard]] bool is_in_use() const { return is_in_use_; }

  /// As read(2) on an end that never blocks: 0 once nobody can write any more, and from then on it is not in use; also
  /// as long as nobody was there to write, which is no end. The caller knows which, from before it reads.
  ssize_t read(std::span<char> bytes, bool was_opened);

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
