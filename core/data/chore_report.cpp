// SPDX-License-Identifier: Apache-2.0
#include "core/data/chore_report.hpp"

#include <fmt/format.h>

namespace ame {

namespace {

constexpr std::string_view progress_word = "progress ";
constexpr std::string_view answer_word = "answer ";
constexpr std::string_view failure_word = "failure ";
constexpr std::string_view hint_word = "hint ";

std::string lines_of(std::string_view word, std::string_view text) {
  std::string lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines += fmt::format("{}{}\n", word, text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return lines;
}

void add_line(std::string& text, std::string_view line) {
  text += text.empty() ? "" : "\n";
  text += line;
}

}  // namespace

std::string progress_line(std::string_view text) {
  return lines_of(progress_word, text);
}

std::string answer_line(std::string_view text) {
  return lines_of(answer_word, text);
}

std::string failure_lines(std::string_view message, std::string_view hint) {
  return lines_of(failure_word, message) + lines_of(hint_word, hint);
}

std::vector<std::string> ChoreReport::hear(std::string_view bytes) {
  std::vector<std::string> progress;
  unfinished_ += bytes;
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = unfinished_.find('\n', begin)) != std::string::npos; begin = end + 1) {
    hear_line(std::string_view(unfinished_).substr(begin, end - begin), progress);
  }
  unfinished_.erase(0, begin);
  return progress;
}

void ChoreReport::hear_line(std::string_view line, std::vector<std::string>& progress) {
  if (line.starts_with(progress_word)) {
    progress.emplace_back(line.substr(progress_word.size()));
  } else if (line.starts_with(answer_word)) {
    add_line(answer_, line.substr(answer_word.size()));
  } else if (line.starts_with(failure_word)) {
    add_line(failure_, line.substr(failure_word.size()));
  } else if (line.starts_with(hint_word)) {
    add_line(hint_, line.substr(hint_word.size()));
  }
}

}  // namespace ame
