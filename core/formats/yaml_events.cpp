// SPDX-License-Identifier: Apache-2.0
#include "core/formats/yaml_events.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace ame {
namespace {

constexpr std::size_t largest_value = std::size_t{2} << 20;
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

struct NullPlace {
  bool is_in_flow = false;
  bool is_key = false;
};

/// Not the beginning of something else: where nothing is written, `rest` is the next thing in the file.
std::string_view null_word(std::string_view rest, NullPlace place) {
  for (const std::string_view word : {"null", "Null", "NULL", "~"}) {
    if (rest.starts_with(word)) {
      const std::string_view behind = rest.substr(word.size());
      const std::size_t blanks = std::min(behind.find_first_not_of(" \t"), behind.size());
      const std::string_view next = behind.substr(blanks, 1);
      const bool ends = next.empty() || next == "\r" || next == "\n" || (next == "#" && blanks > 0) ||
                        (place.is_in_flow && (next == "," || next == "]" || next == "}")) ||
                        (place.is_key && next == ":");
      return ends ? rest.substr(0, word.size()) : std::string_view();
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

void YamlEvents::note_read(std::size_t bytes) {
  read_ += bytes;
  if (read_ > last_end_ + largest_value) {
    std::size_t begin = skip_space(text_, last_end_);
    begin = text_.substr(begin).starts_with(':') ? skip_space(text_, begin + 1) : begin;
    std::vector<Diagnostic> problems = tree_.problems();
    problems.push_back(
        {.message = fmt::format("a single value, or the comments between two, goes on for more than {} MiB",
                                largest_value >> 20),
         .where = span_at(*source_, begin < text_.size() ? begin : last_end_),
         .hint = "keep data in a file of its own, and close every quote, `[` and `{`"});
    throw Error(ExitCode::bad_project, std::move(problems));
  }
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
  shown = shown.substr(0, shown.find('\n'));
  shown = shown.substr(0, shown.find('\r'));
  const auto [line, column] = places_.at(begin);
  const std::size_t length = facts_.ascii ? shown.size() : characters_in(shown);
  last_begin_ = begin;
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
  const Node* const key = tree_.waiting_key();
  const std::string_view word =
      null_word(text_.substr(start.content), {.is_in_flow = is_in_flow(), .is_key = key == nullptr});
  Node node;
  if (!word.empty()) {
    node = placed(start, start.content + word.size());
    node.scalar = word;
  } else if (key != nullptr) {
    check_colon(*key);
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

/// yaml-cpp takes `word` on the last line of a mapping for a key.
void YamlEvents::check_colon(const Node& key) {
  const std::size_t behind = skip_space(text_, last_end_);
  const char next = behind < text_.size() ? text_[behind] : '\0';
  const std::size_t ahead = text_.substr(0, last_begin_).find_last_not_of(" \t");
  const bool is_explicit = ahead != std::string_view::npos && text_[ahead] == '?';
  const bool fine = next == ':' || is_in_flow() || key.scalar.empty() || is_explicit;
  if (!fine) {
    tree_.report(key,
                 fmt::format("`{}` has no `:` behind it, so it is neither a key nor a value", key.scalar),
                 fmt::format("write `{}: value`, or remove the line", key.scalar));
  }
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
  if (!node.quoted || !is_quote) {
    return begin + (is_block_start(first) && node.quoted ? 1 : value.size());
  }
  const std::size_t end = end_of_quoted(text_, begin);
  const std::string_view content = text_.substr(begin + 1, std::min(end, text_.size()) - begin - 1);
  const bool is_next_thing = value.empty() && content.find_first_not_of(" \t\r\n\"'\\") != std::string_view::npos;
  if (is_next_thing) {
    return begin;
  }
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
  node.kind = tag == "tag:yaml.org,2002:null" ? NodeKind::null : NodeKind::scalar;
  node.tag = written.tag;
  node.quoted = written.quoted && !(value.empty() && end == start.content);
  const bool in_quotes = first == '"' || first == '\'';
  node.scalar = kept_scalar(in_quotes ? start.content + 1 : start.content, value);
  tree_.add(node, anchor);
}

void YamlEvents::open(NodeKind kind, const Opening& opening) {
  const NodeStart start = node_start(text_, offset_of(opening.mark));
  Node tagged;
  set_tag(tagged, start, opening.tag);
  const std::size_t begin = std::min(start.tag, start.content);
  Node node = placed(start, begin + 1 + tagged.tag.size());
  node.kind = kind;
  node.tag = tagged.tag;
  if (kind == NodeKind::sequence && opening.style == YAML::EmitterStyle::Block) {
    last_end_ = start.content;  // the dash is still that of the first item
  }
  tree_.open(node, opening.anchor);
  styles_.push_back(opening.style);
}

void YamlEvents::close() {
  tree_.close();
  styles_.pop_back();
}

void YamlEvents::OnSequenceStart(const YAML::Mark& mark,
                                 const std::string& tag,
                                 YAML::anchor_t anchor,
                                 YAML::EmitterStyle::value style) {
  open(NodeKind::sequence, {.mark = mark, .tag = tag, .anchor = anchor, .style = style});
}

void YamlEvents::OnMapStart(const YAML::Mark& mark,
                            const std::string& tag,
                            YAML::anchor_t anchor,
                            YAML::EmitterStyle::value style) {
  open(NodeKind::mapping, {.mark = mark, .tag = tag, .anchor = anchor, .style = style});
}

}  // namespace ame
