// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <string>
#include <vector>

#include "core/ports/process_runner.hpp"
#include "core/system/file_descriptor.hpp"
#include "core/system/process_mark.hpp"

namespace ame {

/// What every child gets, whatever it runs: made once.
class ChildSettings {
 public:
  /// Raises ame's own limit of open files to what is allowed (each child that runs takes three); children get the old
  /// one back, since programs that use select() fail with more.
  ChildSettings();

  [[nodiscard]] const rlimit& open_files() const { return open_files_; }

  [[nodiscard]] int null_input() const { return null_input_.number(); }

  /// ame's own; less than 0 when it has none.
  [[nodiscard]] int terminal() const { return terminal_.number(); }

  /// Signals that ame handles or ignores, to be put back to their default.
  [[nodiscard]] const std::vector<int>& signals_to_reset() const { return signals_to_reset_; }

 private:
  rlimit open_files_{};
  FileDescriptor null_input_;
  FileDescriptor terminal_;
  std::vector<int> signals_to_reset_;
};

/// Memory for a child to stand on until it becomes another program.
class ChildStack {
 public:
  ChildStack();
  ChildStack(const ChildStack&) = delete;
  ChildStack& operator=(const ChildStack&) = delete;
  ~ChildStack();

  /// Stacks grow downwards.
  [[nodiscard]] void* top() const;

 private:
  void* memory_ = nullptr;
};

struct ChildOutputs {
  int standard_output = -1;
  int standard_error = -1;
};

struct SpawnResult {
  pid_t pid = 0;
  FileDescriptor handle;  ///< readable once the process has ended
  int error = 0;          ///< errno when there is no process
  bool bad_directory = false;
};

/// Starts a process as leader of a group of its own, with no terminal to wait for. It dies with the calling thread.
/// Costs the same whatever the size of ame: the address space is borrowed, not copied.
SpawnResult spawn_child(const ProcessRequest& request,
                        const ProcessMark& mark,
                        ChildOutputs outputs,
                        const ChildSettings& settings,
                        const ChildStack& stack);

}  // namespace ame
