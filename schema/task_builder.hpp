// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "schema/task_fields.hpp"

namespace ame::schema {

/// Builds tasks, each after all that it leads to: the items of its pipeline, what it refers to or depends on, and the
/// producers of its data sets. Circles are reported.
class TaskBuilder {
 public:
  TaskBuilder(TaskFields& fields, Projects& projects, Decoding& decoding);

  /// Null, and reported, where something is wrong with it.
  std::shared_ptr<const Task> build(Draft& draft);

  /// The draft of the task that produces the data set; null, and reported, where it has none.
  Draft* plan_data_set(DataSetDraft& data_set);

  /// A task inside a model or data set.
  Draft* inline_task(OpenProject& project, const Value& value, std::string_view name);

  /// Tasks of other projects and data sets that were needed, in the order in which they were finished.
  [[nodiscard]] const std::vector<Draft*>& built() const { return built_; }

  [[nodiscard]] const std::vector<DataSetDraft*>& used_data_sets() const { return used_data_sets_; }

 private:
  struct Edge {
    Draft* to = nullptr;
    std::string_view says;
    const Node* where = nullptr;
  };

  struct Frame {
    Draft* draft = nullptr;
    std::vector<Edge> edges;
    std::size_t next = 0;
  };

  void open(std::vector<Frame>& frames, Draft& draft);
  std::vector<Edge> plan(Draft& draft);
  void plan_dependencies(Draft& draft, const Value& value);
  void plan_dependency(Draft& draft, const Node& node);
  void plan_data_sets(Draft& draft, const Value& value);
  void finish(Draft& draft);
  void report_circle(const std::vector<Frame>& frames, const Draft& closing);

  TaskFields& fields_;
  Projects& projects_;
  Decoding& decoding_;
  std::vector<Draft*> built_;
  std::vector<DataSetDraft*> used_data_sets_;
};

}  // namespace ame::schema
