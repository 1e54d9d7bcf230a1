// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

namespace ame {

/// A file that was read, kept for as long as something points into it.
struct SourceText {
  std::string file;  ///< as it is shown: relative to the working directory where that is shorter
  std::string text;
};

/// A place in a file, as a person counts: lines and columns start at 1, columns count characters (code points).
/// Line 0 means the file as a whole.
struct SourceSpan {
  std::string file;
  int line = 0;
  int column = 0;
  int length = 1;         ///< characters to underline, on this line
  std::string line_text;  ///< the line without its end; cut where it is too long to read; empty when line is 0

  bool operator==(const SourceSpan&) const = default;
};

/// A place as the model carries it: cheap to copy, turned into a SourceSpan only when something has to be said. Says
/// where a thing is written, not what it is, so two things that differ only in their places are equal.
struct Place {
  std::shared_ptr<const SourceText> source;  ///< null: nowhere
  int line = 0;
  int column = 0;
  int length = 1;

  bool operator==(const Place& /*other*/) const { return true; }
};

/// With the text of its line. Requires place.source.
SourceSpan span_of(const Place& place);

/// The given line of a text (1 is the first) without its end and without a byte order mark; empty where there is none.
std::string line_of(const std::string& text, int line);

/// As line_of, for people: of a line that nobody can read only the start, and nothing when `column` is beyond that.
std::string shown_line_of(const std::string& text, int line, int column);

}  // namespace ame
