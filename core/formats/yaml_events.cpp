// SPDX-License-Identifier: Apache-2.0
#include "core/formats/yaml_events.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace ame {
namespace {

constexpr std::string_view standard_tags = "tag:yaml.org,2002:";

/// What a tag of YAML's own says is left to the reader of the value, except that `!!str` is text.
bool is_own_tag(std::string_view tag) {
  constexpr std::array<std::string_view, 7> known{"str", "int", "float", "bool", "null", "map", "seq"};
  return tag.starts_with(standard_tags) &&
         std::find(known.begin(), known.end(), tag.substr(standard_tags.size())) != known.end();
}

bool is_block_start(char letter) {
  return letter == '|' || letter == '>';
}

std::string_view null_word(std::string_view rest) {
  for (const std::string_view word : {"null", "Null", "NULL", "~"}) {
    if (rest.starts_with(word)) {
      return rest.substr(0, word.size());
    }
  }
  return {};
}

}  // namespace

YamlEvents::YamlEvents(std::shared_ptr<const SourceText> source, TextFacts facts)
    : source_(std::move(source)),
      text_(source_->text),
      facts_(facts),
      places_(text_, facts.begin, facts.ascii),
      tree_(source_, MergeKeys::resolved),
      last_end_(facts.begin) {}

std::size_t YamlEvents::offset_of(const YAML::Mark& mark) const {
  return std::min(facts_.begin + static_cast<std::size_t>(std::max(mark.pos, 0)), text_.size());
}

void YamlEvents::OnDocumentStart(const YAML::Mark& mark) {
  const std::size_t at = offset_of(mark);
  const bool is_first = !document_begin_.has_value();
  if (!is_first && !text_.substr(at).starts_with("---")) {
    std::vector<Diagnostic> problems = tree_.problems();
    problems.push_back({.message = "text after the end of the document",
                        .where = span_at(*source_, at),
                        .hint = "remove it, or begin a new document with a line `---`"});
    throw Error(ExitCode::bad_project, std::move(problems));
  }
  document_begin_ = at;
  last_end_ = std::max(last_end_, at);
}

/// From the tag, if there is one, to `end` or the end of that line.
Node YamlEvents::placed(NodeStart start, std::size_t end) {
  const std::size_t begin = std::min(start.tag, start.content);
  const std::size_t limit = std::min(end, text_.size());
  std::string_view shown = text_.substr(begin, std::max(limit, begin) - begin);
  shown = shown.substr(0, shown.find_first_of("\r\n"));
  const auto [line, column] = places_.at(begin);
  const std::size_t length = facts_.ascii ? shown.size() : characters_in(shown);
  last_end_ = std::max({last_end_, limit, begin + 1});
  return {.line = line, .column = column, .length = static_cast<std::uint32_t>(std::max<std::size_t>(length, 1))};
}

void YamlEvents::set_tag(Node& node, NodeStart start, const std::string& tag) {
  if (tag.empty() || tag == "?" || tag == "!") {
    node.quoted = tag == "!";
    return;
  }
  if (is_own_tag(tag)) {
    node.quoted = tag.ends_with(":str");
    return;
  }
  const bool is_local = tag.front() == '!';
  const std::string_view name = is_local ? std::string_view(tag).substr(1) : std::string_view(tag);
  const bool as_written = start.tag != std::string_view::npos && text_.substr(start.tag + 1).starts_with(name);
  node.tag = as_written ? text_.substr(start.tag + 1, name.size()) : tree_.keep(name);
}

std::string_view YamlEvents::kept_scalar(std::size_t at, const std::string& value) {
  const std::string_view written = text_.substr(std::min(at, text_.size()), value.size());
  return written == value ? written : tree_.keep(value);
}

void YamlEvents::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const std::size_t at = offset_of(mark);
  const NodeStart start = node_start(text_, at);
  const std::string_view word = null_word(text_.substr(start.content));
  Node node;
  if (!word.empty()) {
    node = placed(start, start.content + word.size());
    node.scalar = word;
  } else if (const Node* key = tree_.waiting_key(); key != nullptr) {
    node = {.line = key->line, .column = key->column, .length = key->length};
  } else {
    // The mark is that of the next thing in the file, often lines away; the dash of this item follows the last thing.
    const std::size_t dash = skip_space(text_, last_end_);
    const bool is_dash = dash < at && text_.substr(dash).starts_with('-');
    const std::size_t begin = is_dash ? dash : at;
    node = placed({.content = begin}, begin + 1);
  }
  tree_.add(node, anchor);
}

void YamlEvents::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const std::size_t at = offset_of(mark);
  const std::size_t end = std::min(text_.find_first_of(" \t\r\n,[]{}", at), text_.size());
  const Node place = placed({.content = at}, end);
  tree_.add_alias(place, anchor, text_.substr(at, end - at).substr(1));
}

std::size_t YamlEvents::end_of_scalar(std::size_t begin, const Node& node, const std::string& value) {
  const char first = begin < text_.size() ? text_[begin] : '\0';
  const bool is_quote = first == '"' || first == '\'';
  const bool is_empty_and_plain = value.empty() && !(is_quote && text_.substr(begin, 2) == std::string(2, first));
  if (!node.quoted || !is_quote || is_empty_and_plain) {
    return begin + (is_block_start(first) && node.quoted ? 1 : value.size());
  }
  const std::size_t end = end_of_quoted(text_, begin);
  if (end == std::string_view::npos) {
    std::vector<Diagnostic> problems = tree_.problems();
    const std::string_view line = text_.substr(begin, text_.find_first_of("\r\n", begin) - begin);
    problems.push_back({.message = "the quote that is opened here is never closed",
                        .where = span_at(*source_, begin, line.size()),
                        .hint = fmt::format("close it: `{}{}`", line, first)});
    throw Error(ExitCode::bad_project, std::move(problems));
  }
  if (text_.substr(begin, end - begin).find('\n') != std::string_view::npos) {
    long_quote_ = {begin, end};
  }
  return end;
}

void YamlEvents::OnScalar(const YAML::Mark& mark,
                          const std::string& tag,
                          YAML::anchor_t anchor,
                          const std::string& value) {
  const NodeStart start = node_start(text_, offset_of(mark));
  const char first = start.content < text_.size() ? text_[start.content] : '\0';
  Node written;
  set_tag(written, start, tag);
  const bool has_tag = start.tag != std::string_view::npos;
  const bool looks_quoted = first == '"' || first == '\'' || is_block_start(first);
  if (has_tag && looks_quoted) {
    written.quoted = true;
  }
  const std::size_t end = end_of_scalar(start.content, written, value);
  Node node =
      placed(start, value.empty() && has_tag && end == start.content ? start.tag + 1 + written.tag.size() : end);
  node.kind = NodeKind::scalar;
  node.tag = written.tag;
  node.quoted = written.quoted && !(value.empty() && end == start.content);
  const bool in_quotes = first == '"' || first == '\'';
  node.scalar = kept_scalar(in_quotes ? start.content + 1 : start.content, value);
  tree_.add(node, anchor);
}

void YamlEvents::open(Node node, NodeStart start, YAML::anchor_t anchor, const std::string& tag) {
  set_tag(node, start, tag);
  node.quoted = false;
  tree_.open(node, anchor);
}

void YamlEvents::OnSequenceStart(const YAML::Mark& mark,
                                 const std::string& tag,
                                 YAML::anchor_t anchor,
                                 YAML::EmitterStyle::value /*style*/) {
  const NodeStart start = node_start(text_, offset_of(mark));
  Node node = placed(start, std::min(start.tag, start.content) + 1);
  node.kind = NodeKind::sequence;
  open(node, start, anchor, tag);
}

void YamlEvents::OnMapStart(const YAML::Mark& mark,
                            const std::string& tag,
                            YAML::anchor_t anchor,
                            YAML::EmitterStyle::value /*style*/) {
  const NodeStart start = node_start(text_, offset_of(mark));
  Node node = placed(start, std::min(start.tag, start.content) + 1);
  node.kind = NodeKind::mapping;
  open(node, start, anchor, tag);
}

}  // namespace ame
