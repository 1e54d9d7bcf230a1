// SPDX-License-Identifier: Apache-2.0
#include "cli/render/text_width.hpp"

#include <algorithm>
#include <array>

namespace ame::cli {

namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

// Blocks whose characters stand on the one before them.
constexpr std::array<Range, 14> no_width = {{{0x0300, 0x036F},
                                             {0x0483, 0x0489},
                                             {0x0591, 0x05BD},
                                             {0x0610, 0x061A},
                                             {0x064B, 0x065F},
                                             {0x0900, 0x0902},
                                             {0x093A, 0x093C},
                                             {0x1AB0, 0x1AFF},
                                             {0x1DC0, 0x1DFF},
                                             {0x200B, 0x200F},
                                             {0x20D0, 0x20FF},
                                             {0xFE00, 0xFE0F},
                                             {0xFE20, 0xFE2F},
                                             {0xE0100, 0xE01EF}}};

// Blocks that terminals draw two columns wide (East Asian Width W and F, and emoji).
constexpr std::array<Range, 14> double_width = {{{0x1100, 0x115F},
                                                 {0x231A, 0x231B},
                                                 {0x23E9, 0x23EC},
                                                 {0x2E80, 0x303E},
                                                 {0x3041, 0x33FF},
                                                 {0x3400, 0x4DBF},
                                                 {0x4E00, 0x9FFF},
                                                 {0xA000, 0xA4CF},
                                                 {0xAC00, 0xD7A3},
                                                 {0xF900, 0xFAFF},
                                                 {0xFE30, 0xFE6F},
                                                 {0xFF00, 0xFF60},
                                                 {0x1F300, 0x1FAFF},
                                                 {0x20000, 0x3FFFD}}};

template <std::size_t Count>
bool lies_in(const std::array<Range, Count>& ranges, std::uint32_t code_point) {
  return std::ranges::any_of(ranges,
                             [&](const Range& range) { return range.first <= code_point && code_point <= range.last; });
}

int columns_for(std::uint32_t code_point) {
  if (code_point < 0x300) {
    return 1;
  }
  if (lies_in(no_width, code_point)) {
    return 0;
  }
  return lies_in(double_width, code_point) ? 2 : 1;
}

struct Lead {
  std::size_t size;
  std::uint32_t bits;
  std::uint32_t smallest;  // anything below is an overlong spelling
};

Lead lead_of(unsigned char byte) {
  if (byte < 0x80) {
    return {1, byte, 0};
  }
  if ((byte & 0xE0) == 0xC0) {
    return {2, byte & 0x1FU, 0x80};
  }
  if ((byte & 0xF0) == 0xE0) {
    return {3, byte & 0x0FU, 0x800};
  }
  if ((byte & 0xF8) == 0xF0) {
    return {4, byte & 0x07U, 0x10000};
  }
  return {0, 0, 0};
}

constexpr const char* replacement = "\xEF\xBF\xBD";

bool is_control(std::uint32_t code_point) {
  return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0);
}

}  // namespace

Character character_at(std::string_view text, std::size_t begin) {
  const Character broken{.begin = begin, .size = 1, .columns = 1, .valid = false, .code_point = 0xFFFD};
  const Lead lead = lead_of(static_cast<unsigned char>(text[begin]));
  if (lead.size == 0 || begin + lead.size > text.size()) {
    return broken;
  }
  std::uint32_t code_point = lead.bits;
  for (std::size_t i = 1; i < lead.size; ++i) {
    const auto byte = static_cast<unsigned char>(text[begin + i]);
    if ((byte & 0xC0) != 0x80) {
      return broken;
    }
    code_point = (code_point << 6U) | (byte & 0x3FU);
  }
  if (code_point < lead.smallest || code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) {
    return broken;
  }
  return {.begin = begin, .size = lead.size, .columns = columns_for(code_point), .code_point = code_point};
}

int columns_of(std::string_view text) {
  int columns = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Character character = character_at(text, at);
    columns += character.columns;
    at += character.size;
  }
  return columns;
}

std::string visible(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Character character = character_at(text, at);
    if (character.code_point == '\t') {
      shown += "    ";
    } else if (!character.valid || is_control(character.code_point)) {
      shown += replacement;
    } else {
      shown += text.substr(at, character.size);
    }
    at += character.size;
  }
  return shown;
}

std::string visible_lines(std::string_view text) {
  std::string shown;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    shown += visible(text.substr(begin, end - begin));
    if (end < text.size()) {
      shown += '\n';
    }
    begin = end + 1;
  }
  return shown;
}

std::string cut_to(std::string_view text, int columns) {
  if (columns_of(text) <= columns) {
    return std::string(text);
  }
  int used = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const Character character = character_at(text, at);
    if (used + character.columns > columns - 1) {
      break;
    }
    used += character.columns;
    at += character.size;
  }
  return std::string(text.substr(0, at)) + "\xE2\x80\xA6";
}

}  // namespace ame::cli
