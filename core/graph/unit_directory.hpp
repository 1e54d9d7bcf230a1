// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/graph/wait_net.hpp"
#include "core/model/project.hpp"

namespace ame {

/// A task of the top level: it is in a graph once, whoever needs it.
struct Unit {
  std::string name;  ///< of its step; it is found by another name when it is not of the project itself
  std::shared_ptr<const Task> task;
  std::string produces;         ///< data set; empty: none
  std::optional<NetNode> node;  ///< none: not in the graph yet
};

/// Units by a name. A flat table, since every edge of a graph is a look into it.
class UnitIndex {
 public:
  /// The first of a name stays. Requires that `key` outlives this.
  void add(std::string_view key, Unit unit);

  /// Null where there is none. Good until the next add().
  Unit* find(std::string_view key);

 private:
  static constexpr std::uint32_t no_unit = UINT32_MAX;

  struct Slot {
    std::size_t hash = 0;
    std::uint32_t unit = no_unit;
    std::string_view key;
  };

  Slot& slot_of(std::string_view key, std::size_t hash);
  void grow();

  std::vector<Slot> slots_;
  std::vector<Unit> units_;
};

/// Finds what the top level of a project has, by name, also of the other projects that it leads to. Requires that the
/// project outlives it. Null means that there is none.
class UnitDirectory {
 public:
  explicit UnitDirectory(const Project& project);

  /// A task of the project itself, which may run in another project's directory.
  Unit* own_task(const TaskName& name) { return own_.find(name.text()); }

  Unit* task(const TaskDependency& dependency);
  Unit* producer(const DataSetReference& data_set);

 private:
  const ProjectName& project_;
  std::deque<std::string> keys_;  ///< that the indexes look at
  UnitIndex own_;
  UnitIndex others_;
  UnitIndex data_sets_;
};

}  // namespace ame
