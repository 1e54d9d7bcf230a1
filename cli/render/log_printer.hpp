// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <regex>
#include <string>
#include <utility>

#include "cli/render/line_splitter.hpp"
#include "cli/render/run_words.hpp"
#include "cli/render/terminal.hpp"
#include "core/ports/run_store.hpp"

namespace ame::cli {

/// Bytes of a step's log.
struct LogRange {
  std::uint64_t begin = 0;
  std::uint64_t end = UINT64_MAX;
};

struct LogLook {
  StepLabels labels;
  bool timestamps = false;
  std::optional<std::size_t> tail;  ///< only so many lines of what comes before `release`
  std::optional<UtcTime> since;
  std::optional<OutputStream> stream;   ///< only this one
  std::optional<std::regex> grep;       ///< only lines that have a match
  std::map<StepName, LogRange> ranges;  ///< of steps of which only some is wanted
  bool json = false;                    ///< one object a line
};

/// A pattern for LogLook::grep that takes time in proportion to a line's length. Throws Error(usage) for what is none.
std::regex log_pattern(const std::string& text);

/// Prints the chunks of a run's logs: byte by byte where nothing is to be added or left out, else line by line.
class LogPrinter {
 public:
  LogPrinter(Terminal& terminal, LogLook look);

  void add(const LogChunk& chunk);

  /// What was held back for the tail is printed; from here on everything is, at once.
  void release();

  /// Lines that have no end yet.
  void finish();

  void finish(const StepName& step);

 private:
  using Source = std::pair<StepName, OutputStream>;

  [[nodiscard]] bool passes_through(const StepName& step) const;
  void print_line(const Source& source, UtcTime time, std::string_view line);
  [[nodiscard]] std::string shown(const Source& source, UtcTime time, std::string_view line) const;

  Terminal& terminal_;
  LogLook look_;
  std::map<Source, LineSplitter> splitters_;
  std::deque<std::string> held_;
  std::map<StepName, UtcTime> last_times_;
};

}  // namespace ame::cli
