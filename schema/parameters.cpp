// SPDX-License-Identifier: Apache-2.0
#include "schema/parameters.hpp"

#include <new>
#include <unordered_map>

#include <fmt/format.h>

#include "core/text.hpp"

namespace ame::schema {

namespace {

using Arguments = std::unordered_map<std::string_view, const Node*>;

/// `${name}` in a text.
struct Mention {
  std::size_t begin = 0;  ///< of `$`
  std::size_t end = 0;    ///< after `}`
  std::string_view name;
};

std::optional<Mention> next_mention(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find("${", from); at != std::string_view::npos; at = text.find("${", at + 2)) {
    const std::size_t end = text.find('}', at);
    if (end == std::string_view::npos) {
      return std::nullopt;
    }
    const std::string_view name = text.substr(at + 2, end - at - 2);
    if (is_name(name)) {
      return Mention{at, end + 1, name};
    }
  }
  return std::nullopt;
}

/// Texts that double from template to template end here.
constexpr std::size_t longest_text = std::size_t{1} << 20;

class Filler {
 public:
  Filler(const Arguments& arguments, Arena& arena, Decoding& decoding)
      : arguments_(arguments),
        arena_(arena),
        decoding_(decoding) {}

  Node filled(const Node& node) {
    Node copy = node;
    switch (node.kind) {
      case NodeKind::sequence:
        copy.items = filled_items(node.items);
        break;
      case NodeKind::mapping:
        copy.entries = filled_entries(node.entries);
        break;
      case NodeKind::scalar:
        return filled_scalar(node);
      case NodeKind::null:
        break;
    }
    return copy;
  }

 private:
  std::span<const Node> filled_items(std::span<const Node> items) {
    Node* room = arena_.room_for<Node>(items.size());
    for (std::size_t index = 0; index < items.size(); ++index) {
      new (room + index) Node(filled(items[index]));
    }
    return {room, items.size()};
  }

  std::span<const Entry> filled_entries(std::span<const Entry> entries) {
    Entry* room = arena_.room_for<Entry>(entries.size());
    for (std::size_t index = 0; index < entries.size(); ++index) {
      new (room + index) Entry{entries[index].key, filled(entries[index].value)};
    }
    return {room, entries.size()};
  }

  Node filled_scalar(const Node& node) {
    if (node.scalar.find("${") == std::string_view::npos) {
      return node;
    }
    const auto whole = next_mention(node.scalar, 0);
    if (whole && whole->begin == 0 && whole->end == node.scalar.size()) {
      const auto found = arguments_.find(whole->name);
      return found == arguments_.end() ? node : *found->second;
    }
    Node copy = node;
    const std::string text = filled_text(node);
    if (text.size() > longest_text) {
      decoding_.problems.error(
          {.where = node, .message = "this text becomes too long when its parameters are filled in"});
      return node;
    }
    copy.scalar = arena_.keep(text);
    return copy;
  }

  std::string filled_text(const Node& node) {
    std::string text;
    std::size_t done = 0;
    for (auto mention = next_mention(node.scalar, 0); mention; mention = next_mention(node.scalar, mention->end)) {
      const auto found = arguments_.find(mention->name);
      if (found == arguments_.end()) {
        continue;
      }
      const bool escaped = mention->begin > 0 && node.scalar[mention->begin - 1] == '$';
      text += node.scalar.substr(done, mention->begin - done - (escaped ? 1 : 0));
      text += escaped ? node.scalar.substr(mention->begin, mention->end - mention->begin)
                      : text_of(*found->second, *mention);
      done = mention->end;
    }
    text += node.scalar.substr(done);
    return text;
  }

  std::string_view text_of(const Node& argument, const Mention& mention) {
    if (argument.kind == NodeKind::scalar) {
      return argument.scalar;
    }
    decoding_.problems.error({.where = argument,
                              .message = fmt::format("`{}` is {}", mention.name, described(argument.kind)),
                              .expected = "expected a text, as it becomes part of one"});
    return {};
  }

  const Arguments& arguments_;
  Arena& arena_;
  Decoding& decoding_;
};

std::vector<std::string> names_in(const Node& mapping) {
  std::vector<std::string> names;
  for (const Entry& entry : mapping.entries) {
    names.emplace_back(entry.key.scalar);
  }
  return names;
}

Arguments arguments_for(const Node& parameters, const Node* given, const Value& use, Decoding& decoding) {
  Arguments arguments;
  for (const Entry& parameter : parameters.entries) {
    arguments.emplace(parameter.key.scalar, &parameter.value);
  }
  if (given != nullptr && given->kind != NodeKind::mapping) {
    report_kind({"with", *given}, "a mapping from parameters to values", decoding);
    given = nullptr;
  }
  for (const Entry& argument : given == nullptr ? std::span<const Entry>() : given->entries) {
    const auto found = arguments.find(argument.key.scalar);
    if (found == arguments.end()) {
      decoding.problems.error(
          {.where = argument.key,
           .message = fmt::format("the template `{}` has no parameter `{}`", use.key, argument.key.scalar),
           .hint = did_you_mean(argument.key.scalar, names_in(parameters))});
    } else if (!is_null(argument.value)) {
      found->second = &argument.value;
    }
  }
  for (const Entry& parameter : parameters.entries) {
    if (is_null(*arguments[parameter.key.scalar])) {
      decoding.problems.error(
          {.where = use.node,
           .message = fmt::format("the template `{}` needs `{}`", use.key, parameter.key.scalar),
           .hint = fmt::format("write `fromTemplate: {{name: {}, with: {{{}: …}}}}`", use.key, parameter.key.scalar),
           .related = {{"declared here", parameter.key}}});
    }
  }
  return arguments;
}

}  // namespace

const Node* parameters_of(const Node& task_template) {
  const Node* parameters = task_template.find("parameters");
  return parameters == nullptr || is_null(*parameters) ? nullptr : parameters;
}

const Node* with_parameters(
    const Node& task_template, const Node* arguments, const Value& use, Arena& arena, Decoding& decoding) {
  const Node& parameters = *parameters_of(task_template);
  if (parameters.kind != NodeKind::mapping) {
    report_kind({"parameters", parameters}, "a mapping from names to defaults", decoding);
    return &task_template;
  }
  const Arguments values = arguments_for(parameters, arguments, use, decoding);
  Node* copy = arena.room_for<Node>(1);
  return new (copy) Node(Filler(values, arena, decoding).filled(task_template));
}

}  // namespace ame::schema
