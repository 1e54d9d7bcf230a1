// SPDX-License-Identifier: Apache-2.0
#include "schema/migrate/edits.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace ame::schema {

namespace {

std::string blanks(std::size_t count) {
  return std::string(count, ' ');
}

}  // namespace

TracedText::TracedText(std::string text)
    : text_(std::move(text)) {
  find_lines();
  for (std::size_t line = 0; line < begins_.size(); ++line) {
    first_lines_.push_back(static_cast<int>(line) + 1);
  }
}

void TracedText::find_lines() {
  begins_ = {0};
  for (std::size_t at = 0; at < text_.size(); ++at) {
    if (text_[at] == '\n') {
      begins_.push_back(at + 1);
    }
  }
}

std::size_t TracedText::line_at(std::size_t offset) const {
  return static_cast<std::size_t>(std::ranges::upper_bound(begins_, offset) - begins_.begin()) - 1;
}

int TracedText::first_line_of(std::size_t offset) const {
  return first_lines_[line_at(offset)];
}

void TracedText::apply(std::vector<Edit> edits) {
  std::ranges::stable_sort(edits, {}, [](const Edit& edit) { return edit.at.begin; });
  std::string text;
  std::vector<int> first_lines = {1};
  const auto copy = [&](std::size_t begin, std::size_t end) {
    for (std::size_t at = begin; at < end; ++at) {
      text += text_[at];
      if (text_[at] == '\n') {
        first_lines.push_back(at + 1 < text_.size() ? first_line_of(at + 1) : first_lines_.back());
      }
    }
  };
  std::size_t done = 0;
  for (const Edit& edit : edits) {
    copy(done, edit.at.begin);
    text += edit.text;
    first_lines.insert(
        first_lines.end(), static_cast<std::size_t>(std::ranges::count(edit.text, '\n')), first_line_of(edit.at.begin));
    done = edit.at.end;
  }
  copy(done, text_.size());
  text_ = std::move(text);
  first_lines_ = std::move(first_lines);
  find_lines();
}

bool is_mapping(const SyntaxNode& node) {
  return node.shape == Shape::block_mapping || node.shape == Shape::flow_mapping;
}

bool is_list(const SyntaxNode& node) {
  return node.shape == Shape::block_list || node.shape == Shape::flow_list;
}

std::uint32_t end_of(const SyntaxNode& node) {
  std::uint32_t end = node.at.end;
  if (!node.entries.empty() && (node.shape == Shape::block_mapping || node.shape == Shape::block_list)) {
    // The stretch of a block goes on to whatever comes next.
    end = end_of(node.entries.back());
  }
  for (const SyntaxProperty& property : node.properties) {
    end = std::max(end, property.at.end);
  }
  return end;
}

std::uint32_t end_of(const SyntaxEntry& entry) {
  const std::uint32_t end_of_key = entry.has_colon ? entry.colon + 1 : std::max(entry.begin, entry.key.at.end);
  return std::max(end_of_key, end_of(entry.value));
}

std::string_view SyntaxEdits::key_of(const SyntaxEntry& entry) const {
  const std::string_view key = raw(entry.key);
  return entry.key.shape == Shape::quoted && key.size() >= 2 ? key.substr(1, key.size() - 2) : key;
}

bool SyntaxEdits::is_tagged(const SyntaxNode& node) const {
  return std::ranges::any_of(node.properties,
                             [&](const SyntaxProperty& property) { return property.at.of(text_).starts_with('!'); });
}

const SyntaxEntry* SyntaxEdits::find(const SyntaxNode& mapping, std::string_view key) const {
  if (!is_mapping(mapping)) {
    return nullptr;
  }
  const auto found = std::ranges::find_if(
      mapping.entries, [&](const SyntaxEntry& entry) { return entry.has_colon && key_of(entry) == key; });
  return found == mapping.entries.end() ? nullptr : &*found;
}

std::uint32_t SyntaxEdits::line_begin(std::uint32_t at) const {
  const std::size_t line_end = at == 0 ? std::string_view::npos : text_.rfind('\n', at - 1);
  return line_end == std::string_view::npos ? 0 : static_cast<std::uint32_t>(line_end) + 1;
}

std::uint32_t SyntaxEdits::next_line(std::uint32_t at) const {
  const std::size_t line_end = text_.find('\n', at);
  return static_cast<std::uint32_t>(line_end == std::string_view::npos ? text_.size() : line_end + 1);
}

bool SyntaxEdits::remove(const SyntaxNode& mapping, const SyntaxEntry& entry) {
  if (mapping.entries.size() < 2) {
    return false;
  }
  const std::size_t index = static_cast<std::size_t>(&entry - mapping.entries.data());
  const bool is_last = index + 1 == mapping.entries.size();
  const std::uint32_t begin_of_line = line_begin(entry.begin);
  const bool has_own_line =
      text_.substr(begin_of_line, entry.begin - begin_of_line).find_first_not_of(' ') == std::string_view::npos;
  if (mapping.shape == Shape::block_mapping && has_own_line) {
    // A block text ends at its last line's end; anything else may have a comment behind it.
    replace({begin_of_line, next_line(end_of(entry))}, "");
  } else if (!is_last) {
    replace({entry.begin, mapping.entries[index + 1].begin}, "");
  } else {
    replace({end_of(mapping.entries[index - 1]), end_of(entry)}, "");
  }
  return true;
}

void SyntaxEdits::nest(const SyntaxNode& mapping,
                       const SyntaxEntry& entry,
                       const std::string& outer,
                       const std::string& inner) {
  if (mapping.shape == Shape::flow_mapping) {
    replace({entry.begin, entry.colon + 1}, fmt::format("{} {{{}:", outer, inner));
    insert(end_of(entry), "}");
    return;
  }
  replace({entry.begin, entry.colon + 1}, fmt::format("{}\n{}{}:", outer, blanks(mapping.column + 2), inner));
  const std::uint32_t second_line = next_line(entry.colon);
  if (second_line < end_of(entry)) {
    shift_lines({second_line, end_of(entry)}, 2);
  }
}

void SyntaxEdits::shift_lines(Stretch at, int columns) {
  for (std::uint32_t begin = line_begin(at.begin); begin < at.end; begin = next_line(begin)) {
    const std::size_t text_begin = text_.find_first_not_of(' ', begin);
    if (text_begin == std::string_view::npos || text_[text_begin] == '\n') {
      continue;
    }
    if (columns > 0) {
      insert(begin, blanks(static_cast<std::size_t>(columns)));
    } else {
      const auto indentation = static_cast<std::uint32_t>(text_begin) - begin;
      replace({begin, begin + std::min(indentation, static_cast<std::uint32_t>(-columns))}, "");
    }
  }
}

bool SyntaxEdits::list_from_mapping(const SyntaxNode& mapping) {
  const bool can_be_list = std::ranges::all_of(mapping.entries, [](const SyntaxEntry& entry) {
    return entry.has_colon && entry.key.properties.empty() &&
           (is_mapping(entry.value) || entry.value.shape == Shape::nothing);
  });
  if (!can_be_list) {
    return false;
  }
  if (mapping.shape == Shape::flow_mapping) {
    replace({mapping.at.begin, mapping.at.begin + 1}, "[");
    replace({mapping.at.end - 1, mapping.at.end}, "]");
  }
  for (const SyntaxEntry& entry : mapping.entries) {
    name_entry(entry, mapping.shape == Shape::block_mapping ? mapping.column : 0);
  }
  return true;
}

/// Brackets get the name inside them; a block gets it on the line of the dash.
void SyntaxEdits::name_entry(const SyntaxEntry& entry, std::uint32_t column) {
  const SyntaxNode& value = entry.value;
  const std::string name = fmt::format("name: {}", raw(entry.key));
  const Stretch key{entry.begin, entry.colon + 1};
  const bool in_block = text_.substr(line_begin(entry.begin), column) == blanks(column) &&
                        line_begin(entry.begin) + column == entry.begin;
  const std::string dash = in_block ? "-" : "";
  if (value.shape == Shape::flow_mapping) {
    replace({key.begin, in_block ? key.end : begin_of(value)}, dash);
    insert(value.at.begin + 1, name + (value.entries.empty() ? "" : ", "));
  } else if (value.shape == Shape::nothing) {
    replace({key.begin, end_of(entry)}, in_block ? "- " + name : "{" + name + "}");
  } else if (value.properties.empty()) {
    replace(key, "- " + name);
    shift_lines({value.at.begin, end_of(value)}, static_cast<int>(column) + 2 - static_cast<int>(value.column));
  } else {
    // `train: &anchor`: what the anchor stands for begins with the name.
    replace(key, dash);
    shift_lines({value.at.begin, end_of(value)}, static_cast<int>(column) + 2 - static_cast<int>(value.column));
    insert(value.at.begin, name + "\n" + blanks(column + 2));
  }
}

}  // namespace ame::schema
