// SPDX-License-Identifier: Apache-2.0
#include "schema/format/known_slips.hpp"

#include <array>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "core/error.hpp"
#include "core/formats/parse.hpp"
#include "schema/format/slip_repairs.hpp"

namespace ame::schema {
namespace {

/// What the parser says about a text; none when it has nothing to say. The one place outside the program's end that
/// catches an Error: what stops other commands is what this one is about.
std::optional<Error> mistake_in(const std::string& file, const std::string& text) {
  try {
    parse_yaml_documents(std::make_shared<SourceText>(SourceText{.file = file, .text = text}));
    return std::nullopt;
  } catch (const Error& error) {
    return error;
  }
}

/// The last line up to which a text can be read.
int readable_until(const std::string& file, const std::string& text) {
  const std::optional<Error> mistake = mistake_in(file, text);
  if (!mistake) {
    return std::numeric_limits<int>::max();
  }
  const std::optional<SourceSpan>& where = mistake->diagnostics().front().where;
  return where ? where->line : 0;
}

/// Nobody can tell how wide a tab was meant to be: the width that makes most sense of the text.
void repair_tabs(const std::string& file, TextLines& lines, std::vector<Repair>& repairs) {
  constexpr std::array<std::size_t, 3> widths{2, 4, 8};
  TextLines best = lines;
  int best_line = -1;
  for (const std::size_t width : widths) {
    TextLines candidate = lines;
    candidate.expand_tabs(width);
    const int line = readable_until(file, candidate.text());
    if (line > best_line) {
      best = std::move(candidate);
      best_line = line;
    }
  }
  for (std::size_t line = 0; line < lines.size(); ++line) {
    if (lines[line] != best[line]) {
      repairs.push_back({.line = static_cast<int>(line) + 1, .what = "wrote blanks for tabs in the indentation"});
    }
  }
  lines = std::move(best);
}

}  // namespace

RepairedText repair_known_slips(const SourceText& source) {
  constexpr std::size_t most_bytes_read = std::size_t{512} << 20;  // each repair reads the text again
  TextLines lines(source.text);
  RepairedText repaired{.text = source.text};
  for (std::size_t read = 0;; read += source.text.size()) {
    const std::optional<Error> mistake = mistake_in(source.file, repaired.text);
    if (!mistake) {
      return repaired;
    }
    const std::optional<SourceSpan>& where = mistake->diagnostics().front().where;
    const std::size_t before = repaired.repairs.size();
    if (where && where->line > 0 && read < most_bytes_read) {
      const auto line = static_cast<std::size_t>(where->line) - 1;
      if (lines.has_tab_in_indentation(line)) {
        repair_tabs(source.file, lines, repaired.repairs);
      } else if (std::optional<Repair> repair = repair_slip(lines, line)) {
        repaired.repairs.push_back(*std::move(repair));
      }
    }
    if (repaired.repairs.size() == before) {
      throw Error(*mistake);
    }
    repaired.text = lines.text();
  }
}

}  // namespace ame::schema
