// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/ports/process_runner.hpp"
#include "core/system/file_descriptor.hpp"
#include "core/system/process_mark.hpp"

namespace ame {

/// Where a process finds its own descriptors, each by its number.
constexpr std::string_view own_descriptors = "/proc/self/fd/";

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

  /// A directory with ame's own descriptors; less than 0 where there is none.
  [[nodiscard]] int descriptors() const { return descriptors_.number(); }

  /// The highest stamp that may be put on a child.
  [[nodiscard]] rlim_t highest_stamp() const { return highest_stamp_; }

 private:
  pid_t parent_ = 0;
  rlimit open_files_{};
  rlim_t highest_stamp_ = 0;
  FileDescriptor null_input_;
  FileDescriptor terminal_;
  FileDescriptor descriptors_;
  std::vector<int> signals_to_reset_;
};

/// A pipe of ame that a child writes to.
struct ChildOutput {
  int read_end = -1;
  int write_end = -1;  ///< less than 0: the child opens it, by the read end
};

using ChildOutputs = std::array<ChildOutput, 2>;  ///< standard output, standard error

/// All that a child reads on its way to another program: plain memory, since it calls no function of a library.
struct ChildOrders {
  char** programs = nullptr;   ///< to be tried in this order
  char** arguments = nullptr;  ///< [0] is room for the shell, of a script without `#!`
  char** environment = nullptr;
  const char* directory = nullptr;
  ChildOutputs outputs;
  std::array<std::array<char, 32>, 2> output_paths{};  ///< of the read ends
  int descriptors = -1;
  int null_input = -1;
  int terminal = -1;
  rlimit open_files{};
  rlimit stamp{};
  bool has_stamp = false;
  const int* signals_to_reset = nullptr;
  std::size_t signal_count = 0;
  pid_t parent = 0;

  bool has_outputs = false;  ///< written by the child once somebody writes to the pipes
  int error = 0;             ///< errno, written by the child when it cannot become the program
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

  /// Whether the child has come to hold its outputs: a pipe that nobody writes to before that is not at its end.
  [[nodiscard]] bool has_outputs() const { return __atomic_load_n(&orders_->has_outputs, __ATOMIC_ACQUIRE); }

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
