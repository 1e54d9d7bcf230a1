// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <variant>

#include "core/names.hpp"
#include "core/ports/run_store.hpp"
#include "core/system/run_layout.hpp"
#include "core/system/run_log.hpp"
#include "core/system/short_logs.hpp"

namespace ame {

/// The logs of one run, for the process that owns it: short ones together, and a file of its own for each that grows.
class RunLogs {
 public:
  RunLogs(RunLayout layout, RunId run);

  /// Throws Error(machine).
  void add(const StepName& step, OutputStream stream, UtcTime time, std::string_view bytes);

  /// Bytes that the attempts of a step have written so far.
  [[nodiscard]] std::uint64_t size_of(const StepName& step);

  /// Of its log only the newest bytes are kept, so many.
  void limit(const StepName& step, std::uint64_t most) { limits_[step] = most; }

  /// What the step has said before is there, of an owner who is gone.
  void go_on_with(const StepName& step);

  /// The step has ended; it may begin again.
  void close(const StepName& step);

  void close_all() { open_.clear(); }

 private:
  using StepLog = std::variant<ShortLog, RunLogWriter>;

  void make_directory();
  StepLog& log_of(const StepName& step);
  [[nodiscard]] RunLogWriter writer_of(const StepName& step) const;
  [[nodiscard]] RunLogWriter give_own_file(const StepName& step, const ShortLog& log) const;

  RunLayout layout_;
  RunId run_;
  ShortLogWriter short_logs_;
  std::unordered_map<StepName, StepLog> open_;  ///< of steps that run and have said something
  std::unordered_set<StepName> closed_;         ///< had said something
  std::unordered_map<StepName, std::uint64_t> limits_;
  bool has_directory_ = false;
};

}  // namespace ame
