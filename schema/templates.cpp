// SPDX-License-Identifier: Apache-2.0
#include "schema/templates.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include <fmt/format.h>

#include "core/text.hpp"
#include "schema/circles.hpp"
#include "schema/merge.hpp"
#include "schema/parameters.hpp"

namespace ame::schema {

namespace {

constexpr int deepest_with_parameters = 64;

const Node* find_from_template(const Node& node) {
  return node.find("fromTemplate");
}

}  // namespace

Templates::Templates(Projects& projects, Arena& arena, Decoding& decoding)
    : projects_(projects),
      arena_(arena),
      decoding_(decoding) {}

const Node* Templates::applied(const Node& own) {
  return on_top(uses_of(own), own, 0);
}

const Node* Templates::standalone(Draft& used) {
  define(used);
  const Node* parameters = parameters_of(*used.node);
  if (parameters == nullptr) {
    return used.fields;
  }
  const bool complete =
      std::ranges::none_of(parameters->entries, [](const Entry& parameter) { return is_null(parameter.value); });
  return complete && used.fields != nullptr ? fields_of({.used = &used, .node = used.node}, 0) : nullptr;
}

/// Templates may build on each other to any depth, so this keeps its own stack.
void Templates::define(Draft& root) {
  std::vector<Frame> frames;
  if (root.fields_progress == Progress::fresh) {
    open(frames, root);
  }
  while (!frames.empty()) {
    Frame& frame = frames.back();
    if (frame.next < frame.uses.size()) {
      const TemplateUse use = frame.uses[frame.next++];
      if (use.used == nullptr) {
        continue;  // was reported
      }
      if (use.used->fields_progress == Progress::fresh) {
        open(frames, *use.used);
      } else if (use.used->fields_progress == Progress::open) {
        report_circle(frames, use);
        frame.uses.clear();
        frame.draft->fields_progress = Progress::done;
      }
      continue;
    }
    Draft& draft = *frame.draft;
    if (draft.fields_progress == Progress::open) {
      draft.fields_progress = Progress::done;
      // With parameters, what it says depends on its use; that it says something is enough here.
      draft.fields = parameters_of(*draft.node) != nullptr ? draft.node : on_top(frame.uses, *draft.node, 0);
    }
    frames.pop_back();
  }
}

void Templates::open(std::vector<Frame>& frames, Draft& draft) {
  draft.fields_progress = Progress::open;
  frames.push_back({.draft = &draft, .uses = uses_of(*draft.node)});
}

void Templates::report_circle(const std::vector<Frame>& frames, const TemplateUse& closing) {
  const auto first = std::ranges::find(frames, closing.used, &Frame::draft);
  std::vector<CircleEdge> edges;
  for (auto frame = first; frame != frames.end(); ++frame) {
    const Node* node = frame->uses[frame->next - 1].node;
    edges.push_back({.from = frame->draft->name, .says = "is made from", .where = *node});
  }
  schema::report_circle("templates are made from each other in a circle", edges, decoding_.problems);
}

std::vector<TemplateUse> Templates::uses_of(const Node& node) {
  std::vector<TemplateUse> uses;
  const Node* from = find_from_template(node);
  if (from == nullptr || is_null(*from)) {
    return uses;
  }
  if (from->kind != NodeKind::sequence) {
    read_use(*from, uses);
    return uses;
  }
  for (const Node& item : from->items) {
    read_use(item, uses);
  }
  return uses;
}

void Templates::read_use(const Node& node, std::vector<TemplateUse>& uses) {
  const auto reference = read_reference({"fromTemplate", node}, Section::template_use, decoding_);
  TemplateUse use{.node = &node};
  use.used = reference ? projects_.find_template(*reference) : nullptr;
  if (use.used != nullptr) {
    use.used->used = true;
    use.arguments = node.find("with");
  }
  uses.push_back(use);
}

const Node* Templates::on_top(const std::vector<TemplateUse>& uses, const Node& own, int depth) {
  const Node* below = nullptr;
  for (const TemplateUse& use : uses) {
    const Node* fields = use.used == nullptr ? nullptr : fields_of(use, depth);
    if (fields == nullptr) {
      return nullptr;
    }
    below = below == nullptr ? fields
                             : new (arena_.room_for<Node>(1))
                                   Node(merged_fields(*below, *fields, Inherit::from_template, arena_));
  }
  if (below == nullptr) {
    return &own;
  }
  return new (arena_.room_for<Node>(1)) Node(merged_fields(*below, own, Inherit::from_template, arena_));
}

const Node* Templates::fields_of(const TemplateUse& use, int depth) {
  Draft& used = *use.used;
  define(used);
  if (used.fields == nullptr) {
    return nullptr;
  }
  if (parameters_of(*used.node) == nullptr) {
    if (use.arguments != nullptr) {
      decoding_.problems.error({.where = *use.arguments,
                                .message = fmt::format("the template `{}` has no parameters", used.name),
                                .hint = "declare them with `parameters: {name: default}`"});
    }
    return used.fields;
  }
  if (depth == deepest_with_parameters) {
    decoding_.problems.error({.where = *use.node,
                              .message = fmt::format("more than {} templates with parameters are made from each other",
                                                     deepest_with_parameters)});
    return nullptr;
  }
  const Node* instance = with_parameters(*used.node, use.arguments, {used.name, *use.node}, arena_, decoding_);
  return on_top(uses_of(*instance), *instance, depth + 1);
}

}  // namespace ame::schema
