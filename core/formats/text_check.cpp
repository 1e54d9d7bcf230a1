// SPDX-License-Identifier: Apache-2.0
#include "core/formats/text_check.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace ame {
namespace {

enum ByteClass : std::uint8_t { plain = 0, forbidden = 1, carriage_return = 2, beyond_ascii = 4 };

constexpr std::array<std::uint8_t, 256> byte_classes() {
  std::array<std::uint8_t, 256> classes{};
  for (std::size_t byte = 0; byte < 0x20; ++byte) {
    classes[byte] = forbidden;
  }
  classes['\t'] = classes['\n'] = plain;
  classes['\r'] = carriage_return;
  classes[0x7f] = forbidden;
  for (std::size_t byte = 0x80; byte < 0x100; ++byte) {
    classes[byte] = beyond_ascii;
  }
  return classes;
}

constexpr auto class_of = byte_classes();

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t bytes = 0;  ///< 0: not UTF-8
};

constexpr unsigned byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

CodePoint code_point_at(std::string_view text, std::size_t at) {
  const unsigned lead = byte_at(text, at);
  if (lead < 0x80) {
    return {lead, 1};
  }
  const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() - at < bytes) {
    return {};
  }
  std::uint32_t value = lead & (0xffU >> (bytes + 1));
  for (std::size_t next = 1; next < bytes; ++next) {
    const unsigned byte = byte_at(text, at + next);
    if ((byte & 0xc0U) != 0x80U) {
      return {};
    }
    value = value << 6 | (byte & 0x3fU);
  }
  constexpr std::array<std::uint32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
  const bool valid = value >= smallest[bytes] && value <= 0x10ffff && (value < 0xd800 || value > 0xdfff);
  return valid ? CodePoint{value, bytes} : CodePoint{};
}

/// C1 controls and the two code points that are no characters; a byte order mark inside the text is one that a join of
/// two files left behind.
bool is_unprintable(std::uint32_t value) {
  return (value >= 0x80 && value < 0xa0 && value != 0x85) || value == 0xfffe || value == 0xffff || value == 0xfeff;
}

/// The excerpt of a broken line must itself be fit to print.
std::string printable(std::string_view line) {
  std::string shown;
  for (std::size_t at = 0; at < line.size();) {
    const CodePoint point = code_point_at(line, at);
    const bool fine =
        point.bytes > 0 && !is_unprintable(point.value) && class_of[byte_at(line, at)] != forbidden && line[at] != '\r';
    const std::size_t bytes = std::max<std::size_t>(point.bytes, 1);
    shown += fine ? line.substr(at, bytes) : std::string_view("\xef\xbf\xbd");
    at += bytes;
  }
  return shown;
}

[[noreturn]] void refuse(const SourceText& source, std::size_t at, std::string message, std::string hint) {
  SourceSpan where = span_at(source, at);
  where.line_text = printable(where.line_text);
  throw Error(ExitCode::bad_project,
              {.message = std::move(message), .where = std::move(where), .hint = std::move(hint)});
}

void refuse_size(const SourceText& source) {
  if (source.text.size() > largest_document) {
    throw Error(ExitCode::bad_project,
                {.message = fmt::format("the file is too large: {} MiB, and {} MiB is the most",
                                        (source.text.size() + (1U << 20) - 1) >> 20,
                                        largest_document >> 20),
                 .where = SourceSpan{.file = source.file},
                 .hint = "keep data in files of their own, and name these files here"});
  }
}

void refuse_utf16(const SourceText& source) {
  const std::string_view text = source.text;
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
    throw Error(ExitCode::bad_project,
                {.message = "the file is UTF-16 text, not UTF-8",
                 .where = SourceSpan{.file = source.file},
                 .hint = "save it as UTF-8"});
  }
}

void check_byte(const SourceText& source, std::size_t at) {
  const std::string_view text = source.text;
  switch (class_of[byte_at(text, at)]) {
    case forbidden:
      if (text[at] == '\0') {
        refuse(source, at, "the file has a NUL byte", "it is no text file, or it was damaged; remove the byte");
      }
      refuse(source,
             at,
             fmt::format("the file has a control character (U+{:04X})", byte_at(text, at)),
             "remove it; in double quotes it can be written as an escape such as `\\e` or `\\x07`");
    case carriage_return:
      if (at + 1 == text.size() || text[at + 1] != '\n') {
        refuse(source, at, "a carriage return stands alone", "end lines with a line feed, or with both (CR LF)");
      }
      return;
    default:
      return;
  }
}

void check_closely(const SourceText& source, std::size_t begin, std::size_t end) {
  const std::string_view text = source.text;
  for (std::size_t at = begin; at < end;) {
    check_byte(source, at);
    const CodePoint point = code_point_at(text, at);
    if (point.bytes == 0) {
      refuse(source, at, fmt::format("byte 0x{:02x} is not UTF-8", byte_at(text, at)), "save the file as UTF-8");
    }
    if (is_unprintable(point.value)) {
      refuse(source, at, fmt::format("the file has an invisible character (U+{:04X})", point.value), "remove it");
    }
    at += point.bytes;
  }
}

}  // namespace

TextFacts check_text(const SourceText& source) {
  refuse_size(source);
  refuse_utf16(source);
  const std::string_view text = source.text;
  TextFacts facts{.begin = text.starts_with("\xef\xbb\xbf") ? std::size_t{3} : 0};
  std::uint8_t seen = 0;
  for (std::size_t at = facts.begin; at < text.size(); ++at) {
    seen |= class_of[byte_at(text, at)];
  }
  if (seen != 0) {
    check_closely(source, facts.begin, text.size());
  }
  facts.ascii = (seen & beyond_ascii) == 0;
  return facts;
}

std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char byte) { return (byte & 0xc0) != 0x80; }));
}

SourceSpan span_at(const SourceText& source, std::size_t offset, std::size_t bytes) {
  const std::string_view text = source.text;
  offset = std::min(offset, text.size());
  const std::size_t line_end_before = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
  std::size_t line_begin = line_end_before == std::string_view::npos ? 0 : line_end_before + 1;
  const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(line_begin), '\n');
  if (line_begin == 0 && text.starts_with("\xef\xbb\xbf")) {
    line_begin = 3;
  }
  const std::size_t column = line_begin < offset ? characters_in(text.substr(line_begin, offset - line_begin)) : 0;
  const std::size_t length = characters_in(text.substr(offset, bytes));
  return {.file = source.file,
          .line = static_cast<int>(line),
          .column = static_cast<int>(column) + 1,
          .length = static_cast<int>(std::max<std::size_t>(length, 1)),
          .line_text = shown_line_of(source.text, static_cast<int>(line), static_cast<int>(column) + 1)};
}

}  // namespace ame
