// SPDX-License-Identifier: Apache-2.0
#include "schema/merge.hpp"

#include <algorithm>
#include <new>
#include <unordered_map>
#include <vector>

#include "schema/tags.hpp"
#include "schema/values.hpp"

namespace ame::schema {

namespace {

/// Finds what an overriding part belongs to. Few are compared, many are hashed.
template <class Part>
class PartList {
 public:
  void add(std::string_view name, const Part& part) {
    if (parts_.size() == few) {
      for (std::size_t number = 0; number < names_.size(); ++number) {
        index_.try_emplace(names_[number], number);
      }
    }
    if (parts_.size() >= few) {
      index_.try_emplace(name, parts_.size());
    }
    names_.push_back(name);
    parts_.push_back(part);
  }

  Part* find(std::string_view name) {
    if (parts_.size() > few) {
      const auto found = index_.find(name);
      return found == index_.end() ? nullptr : &parts_[found->second];
    }
    const auto found = std::ranges::find(names_, name);
    return found == names_.end() ? nullptr : &parts_[static_cast<std::size_t>(found - names_.begin())];
  }

  [[nodiscard]] std::vector<Part>& parts() { return parts_; }

 private:
  static constexpr std::size_t few = 24;
  std::vector<std::string_view> names_;
  std::vector<Part> parts_;
  std::unordered_map<std::string_view, std::size_t> index_;
};

template <class Part>
std::span<const Part> kept(const std::vector<Part>& parts, Arena& arena) {
  Part* room = arena.room_for<Part>(parts.size());
  std::uninitialized_copy(parts.begin(), parts.end(), room);
  return {room, parts.size()};
}

class Merger {
 public:
  Merger(Arena& arena, Inherit inherit)
      : arena_(arena),
        inherit_(inherit) {}

  Node fields(const Node& base, const Node& over, Section section) { return fields(base, section, over, section); }

  Node fields(const Node& base, Section base_section, const Node& over, Section section) {
    PartList<Entry> entries;
    for (const Entry& entry : base.entries) {
      const KeyRow* row = find_key(base_section, entry.key.scalar).row;
      if (row == nullptr || is_handed_on(*row)) {
        entries.add(row == nullptr ? entry.key.scalar : row->name, entry);
      }
    }
    for (const Entry& entry : over.entries) {
      const KeyRow* row = find_key(section, entry.key.scalar).row;
      const std::string_view name = row == nullptr ? entry.key.scalar : row->name;
      if (Entry* below = entries.find(name)) {
        *below = {entry.key, row == nullptr ? entry.value : value(below->value, entry.value, *row)};
      } else {
        entries.add(name, entry);
      }
    }
    return mapping(over, entries);
  }

 private:
  [[nodiscard]] bool is_handed_on(const KeyRow& row) const {
    return row.merge != Merge::never && (row.key != Key::triggers || inherit_ == Inherit::from_template);
  }

  Node value(const Node& base, const Node& over, const KeyRow& row) {
    switch (row.merge) {
      case Merge::by_key:
        return by_key(base, over, row.inner);
      case Merge::by_variable:
        return by_variable(base, over);
      case Merge::by_target:
        return by_target(base, over);
      case Merge::by_tag:
        return by_tag(base, over, row.inner);
      case Merge::replace:
      case Merge::never:
        break;
    }
    return over;
  }

  Node by_key(const Node& base, const Node& over, Section section) {
    if (base.kind != NodeKind::mapping || over.kind != NodeKind::mapping) {
      return over;
    }
    return fields(base, over, section);
  }

  Node by_tag(const Node& base, const Node& over, Section section) {
    if (!over.tag.empty() && executor_tag(base.tag) != executor_tag(over.tag)) {
      return over;
    }
    if (is_null(over)) {
      return over;
    }
    // `executor: !mlflow` with nothing behind it changes nothing of the template's.
    if (over.kind != NodeKind::mapping) {
      return over.kind == NodeKind::null || over.scalar.empty() ? base : over;
    }
    if (base.kind != NodeKind::mapping) {
      Node merged = over;
      merged.tag = base.tag;
      return merged;
    }
    Node merged = fields(base, over, section);
    merged.tag = base.tag;
    return merged;
  }

  /// As a mapping, whatever way each of them was written.
  Node by_variable(const Node& base, const Node& over) {
    const bool mergeable = (base.kind == NodeKind::sequence || base.kind == NodeKind::mapping) &&
                           (over.kind == NodeKind::sequence || over.kind == NodeKind::mapping);
    if (!mergeable) {
      return over;
    }
    PartList<Entry> variables;
    bool whole = true;
    const auto take = [&](const Entry& variable) {
      if (Entry* below = variables.find(variable.key.scalar)) {
        *below = variable;
      } else {
        variables.add(variable.key.scalar, variable);
      }
    };
    for (const Node* side : {&base, &over}) {
      for (const Entry& entry : side->entries) {
        take(entry);
      }
      for (const Node& item : side->items) {
        whole = add_variable(item, take) && whole;
      }
    }
    if (!whole) {
      return over;
    }
    std::erase_if(variables.parts(), [](const Entry& entry) { return is_null(entry.value); });
    return mapping(over, variables);
  }

  template <class Take>
  static bool add_variable(const Node& item, Take take) {
    Entry variable;
    bool named = false;
    for (const Entry& entry : item.entries) {
      const KeyRow* row = find_key(Section::variable, entry.key.scalar).row;
      if (row != nullptr && row->key == Key::key) {
        variable.key = entry.value;
        named = true;
      } else if (row != nullptr) {
        variable.value = entry.value;
      }
    }
    if (named) {
      take(variable);
    }
    return named;
  }

  Node by_target(const Node& base, const Node& over) {
    if (base.kind != NodeKind::sequence || over.kind != NodeKind::sequence) {
      return over;
    }
    PartList<Node> secrets;
    for (const Node& secret : base.items) {
      secrets.add(target_of(secret), secret);
    }
    for (const Node& secret : over.items) {
      const std::string_view target = target_of(secret);
      if (Node* below = target.empty() ? nullptr : secrets.find(target)) {
        *below = secret;
      } else {
        secrets.add(target, secret);
      }
    }
    Node merged = over;
    merged.items = kept(secrets.parts(), arena_);
    return merged;
  }

  static std::string_view target_of(const Node& secret) {
    for (const Entry& entry : secret.entries) {
      if (secret.tag.empty() && secret.entries.size() == 1 && entry.value.kind == NodeKind::mapping) {
        return target_of(entry.value);
      }
      const KeyRow* row = find_key(Section::secret, entry.key.scalar).row;
      if (row != nullptr &&
          (row->key == Key::inject_as || row->key == Key::inject_as_file || row->key == Key::inject_prefix)) {
        return entry.value.scalar;
      }
    }
    return {};
  }

  Node mapping(const Node& over, PartList<Entry>& entries) {
    Node merged = over;
    merged.kind = NodeKind::mapping;
    merged.items = {};
    merged.entries = kept(entries.parts(), arena_);
    return merged;
  }

  Arena& arena_;
  Inherit inherit_;
};

}  // namespace

Node merged_fields(const Node& base, const Node& over, Inherit inherit, Arena& arena) {
  const Section of_base = inherit == Inherit::from_template ? Section::task_template : Section::task;
  return Merger(arena, inherit).fields(base, of_base, over, Section::task);
}

}  // namespace ame::schema
