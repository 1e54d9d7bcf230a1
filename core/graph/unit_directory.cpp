// SPDX-License-Identifier: Apache-2.0
#include "core/graph/unit_directory.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include <fmt/format.h>

namespace ame {

namespace {

std::string key_of(const ProjectName& project, std::string_view name) {
  return fmt::format("{}.{}", project.text(), name);
}

}  // namespace

void UnitIndex::add(std::string_view key, Unit unit) {
  if (units_.size() * 2 >= slots_.size()) {
    grow();
  }
  const std::size_t hash = std::hash<std::string_view>{}(key);
  Slot& slot = slot_of(key, hash);
  if (slot.unit == no_unit) {
    slot = {hash, static_cast<std::uint32_t>(units_.size()), key};
    units_.push_back(std::move(unit));
  }
}

Unit* UnitIndex::find(std::string_view key) {
  if (slots_.empty()) {
    return nullptr;
  }
  const Slot& slot = slot_of(key, std::hash<std::string_view>{}(key));
  return slot.unit == no_unit ? nullptr : &units_[slot.unit];
}

UnitIndex::Slot& UnitIndex::slot_of(std::string_view key, std::size_t hash) {
  std::size_t at = hash & (slots_.size() - 1);
  while (slots_[at].unit != no_unit && (slots_[at].hash != hash || slots_[at].key != key)) {
    at = (at + 1) & (slots_.size() - 1);
  }
  return slots_[at];
}

void UnitIndex::grow() {
  std::vector<Slot> old(std::max<std::size_t>(16, slots_.size() * 2));
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.unit != no_unit) {
      slot_of(slot.key, slot.hash) = slot;
    }
  }
}

UnitDirectory::UnitDirectory(const Project& project)
    : project_(project.name) {
  for (const std::shared_ptr<const Task>& task : project.tasks) {
    own_.add(task->name.text(), {.name = task->name.text(), .task = task});
  }
  for (const std::shared_ptr<const Task>& task : project.other_tasks) {
    const std::string& key = keys_.emplace_back(key_of(task->project, task->name.text()));
    others_.add(key, {.name = key, .task = task});
  }
  for (const DataSet& data_set : project.data_sets) {
    const std::string& key = keys_.emplace_back(key_of(data_set.project, data_set.name));
    const std::string& shown = data_set.project == project.name ? data_set.name : key;
    data_sets_.add(key, {.name = "data/" + shown, .task = data_set.task, .produces = shown});
  }
}

Unit* UnitDirectory::task(const TaskDependency& dependency) {
  return dependency.project == project_ ? own_task(dependency.name)
                                        : others_.find(key_of(dependency.project, dependency.name.text()));
}

Unit* UnitDirectory::producer(const DataSetReference& data_set) {
  Unit* found = data_sets_.find(key_of(data_set.project, data_set.name));
  return found == nullptr || found->task == nullptr ? nullptr : found;
}

}  // namespace ame
