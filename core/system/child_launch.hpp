// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
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

  /// The process that starts them.
  [[nodiscard]] pid_t parent() const { return parent_; }

  [[nodiscard]] const rlimit& open_files() const { return open_files_; }

  [[nodiscard]] int null_input() const { return null_input_.number(); }

  /// ame's own; less than 0 when it has none.
  [[nodiscard]] int terminal() const { return terminal_.number(); }

  /// Signals that ame handles or ignores, to be put back to their default.
  [[nodiscard]] const std::vector<int>& signals_to_reset() const { return signals_to_reset_; }

  /// The highest stamp that may be put on a child.
  [[nodiscard]] rlim_t highest_stamp() const { return highest_stamp_; }

 private:
  pid_t parent_ = 0;
  rlimit open_files_{};
  rlim_t highest_stamp_ = 0;
  FileDescriptor null_input_;
  FileDescriptor terminal_;
  std::vector<int> signals_to_reset_;
};

struct ChildOutputs {
  int standard_output = -1;
  int standard_error = -1;
};

/// All that a child reads on its way to another program: plain memory, since it calls no function of a library.
struct ChildOrders {
  char** programs = nullptr;   ///< to be tried in this order
  char** arguments = nullptr;  ///< [0] is room for the shell, of a script without `#!`
  char** environment = nullptr;
  const char* directory = nullptr;
  ChildOutputs outputs;
  int null_input = -1;
  int terminal = -1;
  rlimit open_files{};
  rlimit stamp{};
  bool has_stamp = false;
  const int* signals_to_reset = nullptr;
  std::size_t signal_count = 0;
  pid_t parent = 0;

  int error = 0;  ///< errno, written by the child when it cannot become the program
  bool bad_directory = false;
};

/// A child's orders, and memory for it to stand on until it is another program. The child uses it while ame goes on, so
/// it is left alone until that child was collected; then it serves the next.
class ChildLaunch {
 public:
  /// Error(machine) where there is no memory.
  ChildLaunch();
  ChildLaunch(const ChildLaunch&) = delete;
  ChildLaunch& operator=(const ChildLaunch&) = delete;
  ~ChildLaunch();

  void set_up(const ProcessRequest& request,
              const ProcessMark& mark,
              ChildOutputs outputs,
              const ChildSettings& settings);

  [[nodiscard]] ChildOrders& orders() { return *orders_; }

  /// Stacks grow downwards.
  [[nodiscard]] void* top_of_stack() const;

 private:
  void copy_texts(const ProcessRequest& request, const ProcessMark& mark);
  void add_environment(const ProcessRequest& request, const ProcessMark& mark);
  char* keep(std::string_view text);

  void* stack_ = nullptr;
  std::string texts_;
  std::vector<char*> programs_;
  std::vector<char*> arguments_;
  std::vector<char*> environment_;
  std::vector<std::string_view> keys_;                         ///< that are set, each with its `=`
  std::shared_ptr<const std::vector<std::string>> inherited_;  ///< that `environment_` points into
  ChildOrders* orders_ = nullptr;  ///< shared with the child also where it has memory of its own
};

}  // namespace ame
