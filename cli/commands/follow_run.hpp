// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/model/run.hpp"
#include "core/ports/reporter.hpp"
#include "core/ports/run_store.hpp"

namespace ame::cli {

/// Tells a reporter of a run that another process owns, from its beginning on, as if it ran here.
class RunFollower {
 public:
  /// All three outlive this.
  RunFollower(RunStore& runs, Reporter& reporter, const RunRecord& run);

  /// Tells what is new. False once the run is over and all is told.
  bool look();

  /// As it was last seen.
  [[nodiscard]] const RunRecord& run() const { return run_; }

 private:
  struct Told {
    bool start = false;
    bool end = false;
    LogPosition log;
  };

  void tell_starts();
  void tell_output();
  void tell_ends();
  [[nodiscard]] std::vector<std::size_t> ended_in_order() const;
  void tell_output_of(std::size_t step);

  RunStore& runs_;
  Reporter& reporter_;
  RunRecord run_;
  std::uint64_t seen_ = 0;  ///< RunStore::version_of
  std::vector<Told> told_;
};

}  // namespace ame::cli
