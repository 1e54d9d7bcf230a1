// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "cli/render/log_printer.hpp"
#include "cli/session.hpp"

namespace ame::cli {

/// The logs of some steps of a run, read on from where the last reading ended.
class LogReading {
 public:
  LogReading(Session& session, const RunRecord& run, const std::vector<StepName>& steps, const LogSeek& seek);

  /// All there is of every step, one after the other. A line without end is a line.
  void read_all(LogPrinter& printer);

  /// All there is now, and then what comes until the run ends. False when the user asked to stop.
  bool follow(LogPrinter& printer);

 private:
  struct Place {
    StepName step;
    LogPosition position;
    std::optional<std::uint64_t> next;  ///< offset of the byte that comes now; none: any
    bool may_grow = true;
  };

  void read_on(LogPrinter& printer);
  void read(Place& place, LogPrinter& printer);
  void tell_what_is_forgotten(const Place& place, std::uint64_t bytes);
  bool look_at_run();

  Session& session_;
  RunRecord run_;
  std::vector<Place> places_;
  std::uint64_t events_seen_ = 0;  ///< size of the list of events when it was read last
};

}  // namespace ame::cli
