// SPDX-License-Identifier: Apache-2.0
#include "cli/render/log_printer.hpp"

#include "cli/render/run_table.hpp"
#include "cli/render/time_text.hpp"

namespace ame::cli {

LogPrinter::LogPrinter(Terminal& terminal, LogLook look)
    : terminal_(terminal),
      look_(std::move(look)) {}

void LogPrinter::add(const LogChunk& chunk) {
  if (look_.since && chunk.time < *look_.since) {
    return;
  }
  if (!look_.timestamps && !look_.tail && look_.labels.of(chunk.step).empty()) {
    terminal_.answer(chunk.bytes);
    return;
  }
  last_time_ = chunk.time;
  splitters_[{chunk.step, chunk.stream}].add(chunk.bytes,
                                             [&](std::string_view line) { print_line(chunk.step, chunk.time, line); });
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
    const StepName& step = source.first;
    splitter.finish([&](std::string_view line) { print_line(step, last_time_, line); });
  }
}

void LogPrinter::print_line(const StepName& step, UtcTime time, std::string_view line) {
  const Painter& paint = terminal_.answer_paint();
  std::string text = look_.timestamps ? paint(Style::dim, local_stamp(time)) + " " : std::string();
  const std::string label = look_.labels.of(step);
  text += label.empty() ? "" : paint(step_style(look_.labels.place_of(step)), "[" + label + "]") + " ";
  text += line;
  text += '\n';
  if (!look_.tail) {
    terminal_.answer(text);
    return;
  }
  held_.push_back(std::move(text));
  if (held_.size() > *look_.tail) {
    held_.pop_front();
  }
}

}  // namespace ame::cli
