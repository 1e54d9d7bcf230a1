// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "core/formats/parse.hpp"
#include "core/formats/text_check.hpp"
#include "core/formats/tree_builder.hpp"

namespace ame {
namespace {

/// toml++ counts lines and characters from 1, as we do; texts are needed as they were written.
class TomlReader {
 public:
  TomlReader(const std::shared_ptr<const SourceText>& source, TextFacts facts)
      : text_(source->text),
        facts_(facts),
        tree_(source, MergeKeys::ignored) {
    for (std::size_t begin = facts.begin; begin <= text_.size();) {
      lines_.push_back(begin);
      const std::size_t end = text_.find('\n', begin);
      begin = end == std::string_view::npos ? text_.size() + 1 : end + 1;
    }
  }

  Document read(const toml::table& root) {
    add_table(root, {.line = 1, .column = 1, .kind = NodeKind::mapping});
    return tree_.finish();
  }

 private:
  [[nodiscard]] std::size_t offset_of(toml::source_position position) const {
    if (position.line == 0 || position.line > lines_.size()) {
      return text_.size();
    }
    std::size_t offset = lines_[position.line - 1];
    if (facts_.ascii) {
      return std::min(offset + position.column - 1, text_.size());
    }
    for (toml::source_index column = 1; column < position.column && offset < text_.size(); ++column) {
      do {
        ++offset;
      } while (offset < text_.size() && (text_[offset] & 0xc0) == 0x80);
    }
    return offset;
  }

  [[nodiscard]] Node placed(const toml::source_region& region, NodeKind kind) const {
    const std::size_t begin = offset_of(region.begin);
    const std::size_t end = std::max(begin, offset_of(region.end));
    std::string_view shown = text_.substr(begin, end - begin);
    shown = shown.substr(0, shown.find_first_of("\r\n"));
    return {.line = region.begin.line,
            .column = region.begin.column,
            .length = static_cast<std::uint32_t>(std::max<std::size_t>(characters_in(shown), 1)),
            .kind = kind};
  }

  void add_text(const toml::source_region& region, std::string_view value) {
    Node node = placed(region, NodeKind::scalar);
    node.quoted = true;
    node.scalar = tree_.keep(value);
    tree_.add(node);
  }

  void add(const toml::node& value) {
    if (const toml::table* table = value.as_table()) {
      add_table(*table, placed(value.source(), NodeKind::mapping));
    } else if (const toml::array* array = value.as_array()) {
      tree_.open(placed(value.source(), NodeKind::sequence));
      for (const toml::node& item : *array) {
        add(item);
      }
      tree_.close();
    } else if (const toml::value<std::string>* text = value.as_string()) {
      add_text(value.source(), text->get());
    } else {
      Node node = placed(value.source(), NodeKind::scalar);
      const std::size_t begin = offset_of(value.source().begin);
      node.scalar = text_.substr(begin, offset_of(value.source().end) - begin);
      tree_.add(node);
    }
  }

  /// toml++ sorts by name; a reader wants the order of the file.
  void add_table(const toml::table& table, const Node& place) {
    std::vector<std::pair<const toml::key*, const toml::node*>> entries;
    for (const auto& [key, value] : table) {
      entries.emplace_back(&key, &value);
    }
    std::stable_sort(entries.begin(), entries.end(), [](const auto& left, const auto& right) {
      return left.first->source().begin < right.first->source().begin;
    });
    tree_.open(place);
    for (const auto& [key, value] : entries) {
      Node node = placed(key->source(), NodeKind::scalar);
      node.scalar = tree_.keep(key->str());
      tree_.add(node);
      add(*value);
    }
    tree_.close();
  }

  std::string_view text_;
  TextFacts facts_;
  std::vector<std::size_t> lines_;
  TreeBuilder tree_;
};

/// "Error while parsing string: saw 'x'" -> "this string is not TOML: saw `x`".
std::string own_words(std::string_view description) {
  const std::size_t colon = description.find(": ");
  if (description.starts_with("Error while parsing ") && colon != std::string_view::npos) {
    const std::string_view what = description.substr(20, colon - 20);
    std::string reason(description.substr(colon + 2));
    std::replace(reason.begin(), reason.end(), '\'', '`');
    return fmt::format("this {} is not TOML: {}", what, reason);
  }
  return fmt::format("this is not TOML: {}", description);
}

Error translated(const SourceText& source, const toml::parse_error& error) {
  const toml::source_position begin = error.source().begin;
  const auto line = static_cast<int>(begin.line);
  const auto column = static_cast<int>(begin.column);
  return {ExitCode::bad_project,
          {.message = own_words(error.description()),
           .where = SourceSpan{.file = source.file,
                               .line = line,
                               .column = column,
                               .line_text = shown_line_of(source.text, line, column)}}};
}

}  // namespace

Document parse_toml(const std::shared_ptr<const SourceText>& source) {
  const TextFacts facts = check_text(*source);
  try {
    const toml::table root = toml::parse(std::string_view(source->text).substr(facts.begin));
    return TomlReader(source, facts).read(root);
  } catch (const toml::parse_error& error) {
    throw translated(*source, error);
  }
}

}  // namespace ame
