// SPDX-License-Identifier: Apache-2.0
#include "schema/origins.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "schema/format/roles.hpp"
#include "schema/loader.hpp"
#include "schema/task_links.hpp"

namespace ame::schema {

namespace {

/// What gives a task its values is not one of them. A step keeps its name and says what it refers to.
bool is_machinery(const KeyRow& row, Section section) {
  const bool is_of_task = section == Section::task && (row.key == Key::name || row.key == Key::task_ref);
  const bool is_template = (section == Section::task || section == Section::item) && row.key == Key::from_template;
  return is_of_task || is_template;
}

std::string_view usual_or(std::string_view usual, std::string_view written) {
  return usual.empty() ? written : usual;
}

ValueShape shape_of(NodeKind kind) {
  switch (kind) {
    case NodeKind::null:
      return ValueShape::nothing;
    case NodeKind::scalar:
      return ValueShape::text;
    case NodeKind::sequence:
      return ValueShape::list;
    case NodeKind::mapping:
      return ValueShape::mapping;
  }
  return ValueShape::nothing;
}

EffectiveValue* part_of(EffectiveValue& mapping, std::string_view key) {
  const auto found = std::ranges::find(mapping.parts, key, &EffectiveValue::key);
  return found == mapping.parts.end() ? nullptr : &*found;
}

class OriginFinder {
 public:
  OriginFinder(Loader& loader, const Draft& task)
      : loader_(loader),
        task_(task) {}

  EffectiveValue found() {
    EffectiveValue whole{.shape = ValueShape::mapping, .origin = origin_of(*task_.node)};
    EffectiveValue name{.key = "name", .text = task_.name, .origin = origin_of(*task_.node)};
    whole.parts.push_back(std::move(name));
    for (const Draft* draft = &task_; draft != nullptr; draft = draft->target) {
      remember_steps(*draft);
    }
    add_fields(whole, *task_.fields, Role::project().of_value("tasks").of_item());
    add_defaults(whole);
    return whole;
  }

 private:
  /// A step says what its own templates and reference make of it.
  void remember_steps(const Draft& draft) {
    for (const ItemPlan* item : items_of(draft)) {
      const Draft& step = *item->draft;
      if (step.parent == &draft && step.fields != nullptr && !step.plain_reference) {
        steps_.emplace(item->node, step.fields);
        remember_steps(step);
      }
    }
  }

  void add_fields(EffectiveValue& into, const Node& fields, Role role) {
    for (const Entry& entry : fields.entries) {
      const std::optional<Section> section = role.section();
      const KeyRow* row = section ? find_key(*section, entry.key.scalar).row : nullptr;
      if (is_null(entry.value) || (row != nullptr && is_machinery(*row, *section))) {
        continue;
      }
      EffectiveValue value = value_of(entry.value, role.of_value(entry.key.scalar));
      value.key = usual_or(role.usual_key(entry.key.scalar), entry.key.scalar);
      into.parts.push_back(std::move(value));
    }
  }

  EffectiveValue value_of(const Node& written, Role role) {
    const auto step = steps_.find(&written);
    const Node& node = step == steps_.end() ? written : *step->second;
    EffectiveValue value{.tag = std::string(usual_or(role.usual_tag(node.tag), node.tag)),
                         .shape = shape_of(node.kind),
                         .text = std::string(node.scalar),
                         .quoted = node.quoted,
                         .origin = origin_of(node)};
    for (const Node& item : node.items) {
      value.parts.push_back(value_of(item, role.of_item()));
    }
    add_fields(value, node, role);
    return value;
  }

  /// The task or template that a value stands in is the last one that begins before it.
  Origin origin_of(const Node& node) {
    OpenProject& home = loader_.home_of(node);
    const Draft* owner = nullptr;
    for (const std::deque<Draft>* drafts : {&home.tasks, &home.templates}) {
      for (const Draft& draft : *drafts) {
        const bool begins_before = std::tie(draft.node->line, draft.node->column) <= std::tie(node.line, node.column);
        if (begins_before && (owner == nullptr || std::tie(owner->node->line, owner->node->column) <
                                                      std::tie(draft.node->line, draft.node->column))) {
          owner = &draft;
        }
      }
    }
    Origin origin{.where = loader_.sources().place_of(node)};
    if (owner != nullptr && owner != &task_) {
      origin.giver = owner->section == Section::task_template ? Giver::task_template : Giver::reference;
      origin.name = owner->name;
      origin.project = &home == task_.project ? "" : home.file.name.text();
    }
    return origin;
  }

  void add_defaults(EffectiveValue& whole) {
    EffectiveValue* executor = part_of(whole, "executor");
    if (executor == nullptr) {
      return;
    }
    const OpenProject* owner = task_.project;
    for (const Draft* draft = task_.target; draft != nullptr; draft = draft->target) {
      owner = draft->project;
    }
    const Node& root = owner->file.document.root();
    if (const Node* defaults = root.find("defaults")) {
      add_default(*executor, "image", defaults->find("image"));
    }
    if (const Node* tools = root.find("tools")) {
      add_default(*executor, "toolVersion", tools->find(executor->tag));
    }
    const Node* defaults = loader_.main().file.document.root().find("defaults");
    const Node* resources = defaults == nullptr ? nullptr : defaults->find("resources");
    if (resources != nullptr && !is_null(*resources)) {
      add_default_resources(whole, *resources);
    }
  }

  void add_default_resources(EffectiveValue& whole, const Node& defaults) {
    if (part_of(whole, "resources") == nullptr) {
      whole.parts.push_back(
          {.key = "resources", .shape = ValueShape::mapping, .text = {}, .origin = default_origin(defaults)});
    }
    for (const Entry& entry : defaults.entries) {
      add_default(*part_of(whole, "resources"), std::string(entry.key.scalar), &entry.value);
    }
  }

  void add_default(EffectiveValue& mapping, const std::string& key, const Node* node) {
    if (node == nullptr || is_null(*node) || part_of(mapping, key) != nullptr) {
      return;
    }
    EffectiveValue value = value_of(*node, Role::project());
    value.key = key;
    mark_default(value);
    // `executor: !mlflow` with nothing behind it is a text until something stands in it.
    mapping.shape = ValueShape::mapping;
    mapping.parts.push_back(std::move(value));
  }

  [[nodiscard]] Origin default_origin(const Node& node) const {
    return {.giver = Giver::defaults, .name = {}, .project = {}, .where = loader_.sources().place_of(node)};
  }

  static void mark_default(EffectiveValue& value) {
    value.origin = {.giver = Giver::defaults, .name = {}, .project = {}, .where = value.origin.where};
    for (EffectiveValue& part : value.parts) {
      mark_default(part);
    }
  }

  Loader& loader_;
  const Draft& task_;
  std::map<const Node*, const Node*> steps_;  ///< from what is written to what is meant
};

}  // namespace

EffectiveValue effective_task(const FileReader& files,
                              const std::filesystem::path& file,
                              const LoadOptions& options,
                              const TaskName& name) {
  Loader loader(files, options);
  static_cast<void>(loader.load(file));
  return OriginFinder(loader, *loader.main().find_task(name.text())).found();
}

}  // namespace ame::schema
