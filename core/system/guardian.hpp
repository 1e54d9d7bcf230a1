// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include "core/system/file_descriptor.hpp"
#include "core/system/process_mark.hpp"

namespace ame {

/// A small process beside ame that ends everything ame started when ame itself ends without a word: by kill -9, for
/// want of memory, by a crash. It has a session and a name of its own, so that what is meant for ame misses it, and
/// finds processes by their marks whatever became of their parents, groups and sessions.
class Guardian {
 public:
  Guardian() = default;
  Guardian(const Guardian&) = delete;
  Guardian& operator=(const Guardian&) = delete;

  /// Dismisses it.
  ~Guardian();

  /// Makes sure that one watches over this process. Without effect where the system gives no process.
  void stand_by(MarkOwner owner);

  /// Readable when the guardian itself has ended; less than 0 when there is none.
  [[nodiscard]] int handle() const { return handle_.number(); }

  /// After it has ended.
  void collect();

 private:
  void start(MarkOwner owner);

  pid_t guarded_ = 0;  ///< a fork of ame has none of its own at first
  pid_t pid_ = 0;
  FileDescriptor line_;  ///< its end tells the guardian that ame is gone
  FileDescriptor handle_;
};

/// Of this program.
Guardian& guardian();

}  // namespace ame
