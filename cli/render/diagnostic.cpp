// SPDX-License-Identifier: Apache-2.0
#include "cli/render/diagnostic.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "cli/render/text_width.hpp"

namespace ame::cli {

namespace {

/// Longer lines show only what is around the place.
constexpr std::size_t widest_excerpt = 160;
constexpr std::size_t shown_before_place = 60;

struct Excerpt {
  std::string line;    ///< as shown
  std::string before;  ///< as wide as what stands before the place
  std::string carets;
};

/// The byte where the given character of a line starts, counted from 1.
std::size_t byte_of_column(std::string_view line, int column) {
  std::size_t at = 0;
  for (int current = 1; current < column && at < line.size(); ++current) {
    at += character_at(line, at).size;
  }
  return at;
}

Excerpt excerpt_of(const SourceSpan& span) {
  std::string_view line = span.line_text;
  std::size_t begin = byte_of_column(line, span.column);
  std::size_t end = byte_of_column(line, span.column + std::max(span.length, 1));
  std::string lead;
  if (line.size() > widest_excerpt && begin > shown_before_place) {
    std::size_t cut = begin - shown_before_place;
    while (cut > 0 && (static_cast<unsigned char>(line[cut]) & 0xC0U) == 0x80U) {
      --cut;
    }
    line.remove_prefix(cut);
    begin -= cut;
    end -= cut;
    lead = "\xE2\x80\xA6";
  }
  const std::string shown = visible(line);
  const int wide_before = columns_of(lead) + columns_of(visible(line.substr(0, begin)));
  const int wide_place = std::max(columns_of(visible(line.substr(begin, end - begin))), 1);
  Excerpt excerpt;
  excerpt.line = cut_to(lead + shown, static_cast<int>(widest_excerpt));
  const int room = std::max(columns_of(excerpt.line) - wide_before, 1);
  excerpt.before = std::string(static_cast<std::size_t>(wide_before), ' ');
  excerpt.carets = std::string(static_cast<std::size_t>(std::min(wide_place, room)), '^');
  return excerpt;
}

std::string place_text(const SourceSpan& span) {
  std::string text = visible(span.file);
  if (span.line > 0) {
    text += fmt::format(":{}", span.line);
    if (span.column > 0) {
      text += fmt::format(":{}", span.column);
    }
  }
  return text;
}

struct Look {
  const Painter& paint;
  Style style;               ///< of the carets
  std::size_t number_width;  ///< of the largest line number shown
};

void add_place(std::string& out, const SourceSpan& span, const std::string& beside, const Look& look) {
  const std::string margin(look.number_width, ' ');
  out += fmt::format("{}{} {}\n", margin, look.paint(Style::place, "-->"), place_text(span));
  const bool shows_nothing = span.line_text.empty() && beside.empty();
  if (span.line == 0 || span.column == 0 || shows_nothing) {
    return;
  }
  const Excerpt excerpt = excerpt_of(span);
  const std::string bar = look.paint(Style::place, "|");
  const std::string number = fmt::format("{:>{}}", span.line, look.number_width);
  out += fmt::format("{} {}\n", margin, bar);
  out += fmt::format("{} {} {}\n", look.paint(Style::place, number), bar, excerpt.line);
  const std::string note = beside.empty() ? "" : " " + visible(beside);
  out += fmt::format("{} {} {}{}\n", margin, bar, excerpt.before, look.paint(look.style, excerpt.carets + note));
}

std::size_t number_width_of(const Diagnostic& diagnostic) {
  int largest = diagnostic.where ? diagnostic.where->line : 0;
  for (const RelatedPlace& related : diagnostic.related) {
    largest = std::max(largest, related.where.line);
  }
  return fmt::formatted_size("{}", largest);
}

std::string indented(const std::string& text, std::size_t columns) {
  std::string out;
  for (const char character : text) {
    out += character;
    if (character == '\n') {
      out.append(columns, ' ');
    }
  }
  return out;
}

}  // namespace

std::string diagnostic_text(const Diagnostic& diagnostic, const Painter& paint) {
  const bool is_error = diagnostic.severity == Severity::error;
  const Look look{
      .paint = paint, .style = is_error ? Style::error : Style::warning, .number_width = number_width_of(diagnostic)};
  std::string out = paint(look.style, is_error ? "error:" : "warning:");
  out += " " + paint(Style::bold, visible_lines(diagnostic.message)) + "\n";
  if (diagnostic.where) {
    add_place(out, *diagnostic.where, diagnostic.expected, look);
  }
  const Look quiet{.paint = paint, .style = Style::note, .number_width = look.number_width};
  for (const RelatedPlace& related : diagnostic.related) {
    out += paint(Style::note, "note:") + " " + visible_lines(related.message) + "\n";
    add_place(out, related.where, "", quiet);
  }
  if (!diagnostic.hint.empty()) {
    out += paint(Style::hint, "hint:") + " " + indented(visible_lines(diagnostic.hint), 6) + "\n";
  }
  return out;
}

std::string diagnostics_text(const std::vector<Diagnostic>& diagnostics, const Painter& paint) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics) {
    out += out.empty() ? "" : "\n";
    out += diagnostic_text(diagnostic, paint);
  }
  return out;
}

}  // namespace ame::cli
