// SPDX-License-Identifier: Apache-2.0
#include "cli/render/log_printer.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "cli/render/json_values.hpp"
#include "cli/render/run_table.hpp"
#include "cli/render/time_text.hpp"
#include "core/error.hpp"

namespace ame::cli {

std::regex log_pattern(const std::string& text) {
  try {
    // The polynomial matcher neither backtracks for ever nor uses up the stack on a long line.
    return std::regex(text, std::regex::ECMAScript | std::regex::optimize | std::regex_constants::__polynomial);
  } catch (const std::regex_error&) {
    throw Error(ExitCode::usage,
                Diagnostic{.message = fmt::format("`--grep` needs a regular expression, not `{}`", text),
                           .hint = "write a backslash before a mark that is meant as it is, as in `loss\\(x\\)`"});
  }
}

LogPrinter::LogPrinter(Terminal& terminal, LogLook look)
    : terminal_(terminal),
      look_(std::move(look)) {}

void LogPrinter::add(const LogChunk& chunk) {
  if ((look_.since && chunk.time < *look_.since) || (look_.stream && chunk.stream != *look_.stream)) {
    return;
  }
  std::string_view bytes = chunk.bytes;
  if (const auto range = look_.ranges.find(chunk.step); range != look_.ranges.end()) {
    const std::uint64_t begin = std::clamp(range->second.begin, chunk.offset, chunk.offset + bytes.size());
    const std::uint64_t end = std::clamp(range->second.end, begin, chunk.offset + bytes.size());
    bytes = bytes.substr(begin - chunk.offset, end - begin);
  }
  if (passes_through(chunk.step)) {
    terminal_.answer(bytes);
    return;
  }
  last_times_[chunk.step] = chunk.time;
  const Source source{chunk.step, chunk.stream};
  splitters_[source].add(bytes, [&](std::string_view line) { print_line(source, chunk.time, line); });
}

void LogPrinter::release() {
  look_.tail.reset();
  for (const std::string& line : held_) {
    terminal_.answer(line);
  }
  held_.clear();
}

void LogPrinter::finish() {
  for (auto& [source, splitter] : splitters_) {
    splitter.finish([&](std::string_view line) { print_line(source, last_times_[source.first], line); });
  }
}

void LogPrinter::finish(const StepName& step) {
  for (const OutputStream stream : {OutputStream::standard_output, OutputStream::standard_error}) {
    if (const auto found = splitters_.find({step, stream}); found != splitters_.end()) {
      found->second.finish([&](std::string_view line) { print_line(found->first, last_times_[step], line); });
      splitters_.erase(found);
    }
  }
}

bool LogPrinter::passes_through(const StepName& step) const {
  return !look_.timestamps && !look_.tail && !look_.grep && !look_.json && look_.labels.of(step).empty();
}

void LogPrinter::print_line(const Source& source, UtcTime time, std::string_view line) {
  if (look_.grep && !std::regex_search(line.begin(), line.end(), *look_.grep)) {
    return;
  }
  std::string text = shown(source, time, line);
  if (!look_.tail) {
    terminal_.answer(text);
    return;
  }
  held_.push_back(std::move(text));
  if (held_.size() > *look_.tail) {
    held_.pop_front();
  }
}

std::string LogPrinter::shown(const Source& source, UtcTime time, std::string_view line) const {
  const auto& [step, stream] = source;
  if (look_.json) {
    return line_text({{"step", step.text()},
                      {"stream", stream == OutputStream::standard_output ? "stdout" : "stderr"},
                      {"time", utc_text(time)},
                      {"line", line}});
  }
  const Painter& paint = terminal_.answer_paint();
  std::string text = look_.timestamps ? paint(Style::dim, local_stamp(time)) + " " : std::string();
  const std::string label = look_.labels.of(step);
  text += label.empty() ? "" : paint(step_style(look_.labels.place_of(step)), "[" + label + "]") + " ";
  text += line;
  text += '\n';
  return text;
}

}  // namespace ame::cli
