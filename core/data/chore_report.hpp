// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ame {

// How a child of ame that does something for a step talks to its parent: lines on its standard output, each a word and
// a text. Both sides are of one version, so the words may change.

/// A sentence on what is being done.
std::string progress_line(std::string_view text);

/// What the parent asked for.
std::string answer_line(std::string_view text);

/// What went wrong, and what to do; each may have several lines.
std::string failure_lines(std::string_view message, std::string_view hint);

/// What a child said, read as it comes.
class ChoreReport {
 public:
  /// Returns the sentences on progress that are whole by now.
  std::vector<std::string> hear(std::string_view bytes);

  [[nodiscard]] const std::string& answer() const { return answer_; }

  [[nodiscard]] const std::string& failure() const { return failure_; }  ///< empty: it named none

  [[nodiscard]] const std::string& hint() const { return hint_; }

 private:
  void hear_line(std::string_view line, std::vector<std::string>& progress);

  std::string unfinished_;
  std::string answer_;
  std::string failure_;
  std::string hint_;
};

}  // namespace ame
