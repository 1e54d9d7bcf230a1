// SPDX-License-Identifier: Apache-2.0
#include "core/formats/tree_builder.hpp"

#include <algorithm>
#include <bit>
#include <new>
#include <utility>

#include <fmt/format.h>

#include "core/formats/merge_keys.hpp"

namespace ame {
namespace {

constexpr std::size_t deepest = 64;
constexpr std::uint64_t most_values = 4'000'000;
constexpr std::uint64_t most_values_by_alias = 1'000'000;
constexpr std::size_t most_problems = 100;
constexpr std::size_t few_keys = 8;

}  // namespace

TreeBuilder::TreeBuilder(std::shared_ptr<const SourceText> source, MergeKeys merge_keys)
    : source_(std::move(source)),
      merge_keys_(merge_keys),
      storage_(std::make_unique<Document::Storage>()) {}

void TreeBuilder::push(const Node& node, std::size_t height) {
  waiting_.push_back(node);
  if (!frames_.empty()) {
    frames_.back().height = std::max(frames_.back().height, height + 1);
  }
}

void TreeBuilder::remember(Anchor anchor, const Anchored& value) {
  if (anchor == 0) {
    return;
  }
  if (anchors_.size() <= anchor) {
    anchors_.resize(anchor + 1);
  }
  anchors_[anchor] = value;
}

void TreeBuilder::add(const Node& node, Anchor anchor) {
  ++weight_;
  if (++written_ > most_values) {
    refuse(node, fmt::format("the file has more than {} values", most_values), "split it into several files");
  }
  push(node, 0);
  remember(anchor, {.node = node, .weight = 1, .height = 0, .complete = true});
}

void TreeBuilder::open(const Node& node, Anchor anchor) {
  if (frames_.size() >= deepest) {
    refuse(node, fmt::format("this is nested more than {} levels deep", deepest), "flatten the file");
  }
  remember(anchor, {.node = node});
  frames_.push_back(
      {.node = node, .first_child = waiting_.size(), .weight_before = weight_, .anchor = anchor, .height = 1});
  ++weight_;
  ++written_;
}

void TreeBuilder::close() {
  Frame frame = frames_.back();
  if (frame.node.kind == NodeKind::sequence) {
    close_sequence(frame);
  } else {
    close_mapping(frame);
  }
  frames_.pop_back();
  waiting_.resize(frame.first_child);
  push(frame.node, frame.height);
  remember(frame.anchor,
           {.node = frame.node, .weight = weight_ - frame.weight_before, .height = frame.height, .complete = true});
}

void TreeBuilder::close_sequence(Frame& frame) {
  const std::size_t count = waiting_.size() - frame.first_child;
  Node* items = storage_->arena.room_for<Node>(count);
  std::uninitialized_copy_n(waiting_.begin() + static_cast<std::ptrdiff_t>(frame.first_child), count, items);
  frame.node.items = {items, count};
}

void TreeBuilder::close_mapping(Frame& frame) {
  const std::size_t count = (waiting_.size() - frame.first_child) / 2;
  Entry* entries = storage_->arena.room_for<Entry>(count);
  bool merges = false;
  for (std::size_t index = 0; index < count; ++index) {
    Node& key = waiting_[frame.first_child + 2 * index];
    check_key(key);
    merges = merges || is_merge_key(key);
    std::construct_at(entries + index, Entry{key, waiting_[frame.first_child + 2 * index + 1]});
  }
  frame.node.entries = {entries, count};
  if (count > 0 && frame.node.tag.empty() && entries->key.line == frame.node.line &&
      entries->key.column == frame.node.column) {
    frame.node.length = entries->key.length;
  }
  check_duplicates(frame.node.entries);
  if (merges && merge_keys_ == MergeKeys::resolved) {
    merge(frame.node.entries);
  }
}

void TreeBuilder::merge(std::span<const Entry>& entries) {
  std::vector<MergeMistake> mistakes;
  entries = resolve_merge_keys(entries, storage_->arena, mistakes);
  for (MergeMistake& mistake : mistakes) {
    report(mistake.place, std::move(mistake.message), "write `<<: *name` or `<<: [*one, *two]`");
  }
}

void TreeBuilder::add_alias(const Node& place, Anchor anchor, std::string_view name) {
  const Anchored named = anchor < anchors_.size() ? anchors_[anchor] : Anchored{};
  if (!named.complete) {
    report(place,
           fmt::format("the alias `*{0}` stands inside `&{0}`, which it repeats", name),
           "an alias cannot contain itself; write the value out");
    add(place);
    return;
  }
  spend_on_aliases(place, named.weight);
  if (frames_.size() + named.height > deepest) {
    refuse(place, fmt::format("with `*{}` this is nested more than {} levels deep", name, deepest), "flatten the file");
  }
  weight_ += named.weight;
  ++written_;
  Node node = named.node;
  node.line = place.line;
  node.column = place.column;
  node.length = place.length;
  push(node, named.height);
}

void TreeBuilder::spend_on_aliases(const Node& place, std::uint64_t weight) {
  alias_weight_ += weight;
  if (alias_weight_ > most_values_by_alias) {
    refuse(place,
           fmt::format("the aliases of this file stand for more than {} values", most_values_by_alias),
           "aliases of aliases multiply; write the values out or use a template");
  }
}

void TreeBuilder::check_key(Node& key) {
  if (key.kind == NodeKind::null && !key.scalar.empty()) {
    key.kind = NodeKind::scalar;
  }
  if (key.kind == NodeKind::scalar) {
    return;
  }
  if (key.kind == NodeKind::null) {
    report(key, "a key is missing before `:`", "write `key: value`");
  } else {
    report(key,
           fmt::format("a key must be a text, and this is {}", described(key.kind)),
           "text with `{`, `[` or `- ` at its start needs quotes");
  }
  key = Node{.line = key.line, .column = key.column, .length = key.length, .kind = NodeKind::scalar};
}

void TreeBuilder::check_duplicates(std::span<const Entry> entries) {
  if (entries.size() > few_keys) {
    check_duplicates_of_many(entries);
    return;
  }
  for (std::size_t second = 1; second < entries.size(); ++second) {
    const std::string_view key = entries[second].key.scalar;
    for (std::size_t first = 0; first < second; ++first) {
      if (entries[first].key.scalar == key) {
        report_duplicate(entries[first].key, entries[second].key);
        break;
      }
    }
  }
}

void TreeBuilder::check_duplicates_of_many(std::span<const Entry> entries) {
  const std::size_t size = std::bit_ceil(entries.size() * 2);
  slots_.assign(size, 0);
  for (std::uint32_t index = 0; index < entries.size(); ++index) {
    const std::string_view key = entries[index].key.scalar;
    std::size_t slot = std::hash<std::string_view>{}(key) & (size - 1);
    while (slots_[slot] != 0 && entries[slots_[slot] - 1].key.scalar != key) {
      slot = (slot + 1) & (size - 1);
    }
    if (slots_[slot] == 0) {
      slots_[slot] = index + 1;
    } else {
      report_duplicate(entries[slots_[slot] - 1].key, entries[index].key);
    }
  }
}

void TreeBuilder::report_duplicate(const Node& first, const Node& second) {
  const bool is_reported = second.scalar.empty() && !second.quoted && second.tag.empty();  // it is no text
  if (problems_.size() >= most_problems || is_reported) {
    return;
  }
  std::string hint = "keep one of the two";
  if (is_merge_key(second)) {
    hint = "merge several mappings with a list: `<<: [*one, *two]`";
  } else if (merge_keys_ == MergeKeys::resolved && frames_.size() == 1 && first.scalar == waiting_.front().scalar) {
    hint = "if these are two files joined into one, keep them in two files, or put a line `---` between them";
  }
  const std::string lines = first.line == second.line
                                ? fmt::format("twice on line {}", first.line)
                                : fmt::format("on line {} and again on line {}", first.line, second.line);
  problems_.push_back({.message = fmt::format("key `{}` stands {}", second.scalar, lines),
                       .where = span_of_node(second),
                       .related = {{.message = "first here", .where = span_of_node(first)}},
                       .hint = std::move(hint)});
}

void TreeBuilder::report(const Node& place, std::string message, std::string hint) {
  if (problems_.size() < most_problems) {
    problems_.push_back({.message = std::move(message), .where = span_of_node(place), .hint = std::move(hint)});
  }
}

void TreeBuilder::refuse(const Node& place, std::string message, std::string hint) {
  problems_.push_back({.message = std::move(message), .where = span_of_node(place), .hint = std::move(hint)});
  throw Error(ExitCode::bad_project, std::move(problems_));
}

SourceSpan TreeBuilder::span_of_node(const Node& node) const {
  return span_of({.source = source_,
                  .line = static_cast<int>(node.line),
                  .column = static_cast<int>(node.column),
                  .length = static_cast<int>(node.length)});
}

const Node* TreeBuilder::waiting_key() const {
  if (frames_.empty() || frames_.back().node.kind != NodeKind::mapping) {
    return nullptr;
  }
  const std::size_t children = waiting_.size() - frames_.back().first_child;
  return children % 2 == 1 ? &waiting_.back() : nullptr;
}

Document TreeBuilder::finish() {
  Node* root = storage_->arena.room_for<Node>(1);
  std::construct_at(root, waiting_.empty() ? Node{.line = 1, .column = 1} : waiting_.front());
  waiting_.clear();
  frames_.clear();
  anchors_.clear();
  return {source_, std::exchange(storage_, std::make_unique<Document::Storage>()), root};
}

}  // namespace ame
