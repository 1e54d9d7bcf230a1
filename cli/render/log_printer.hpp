// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "cli/render/line_splitter.hpp"
#include "cli/render/run_words.hpp"
#include "cli/render/terminal.hpp"
#include "core/ports/run_store.hpp"

namespace ame::cli {

struct LogLook {
  StepLabels labels;
  bool timestamps = false;
  std::optional<std::size_t> tail;  ///< only so many lines of what comes before `release`
  std::optional<UtcTime> since;
};

/// Prints the chunks of a run's logs: byte by byte where nothing is to be added, else line by line.
class LogPrinter {
 public:
  LogPrinter(Terminal& terminal, LogLook look);

  void add(const LogChunk& chunk);

  /// What was held back for the tail is printed; from here on everything is, at once.
  void release();

  /// Lines that have no end yet.
  void finish();

 private:
  using Source = std::pair<StepName, OutputStream>;

  void print_line(const StepName& step, UtcTime time, std::string_view line);

  Terminal& terminal_;
  LogLook look_;
  std::map<Source, LineSplitter> splitters_;
  std::deque<std::string> held_;
  UtcTime last_time_;
};

}  // namespace ame::cli
