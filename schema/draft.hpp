// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/model/project.hpp"
#include "schema/project_file.hpp"

namespace ame::schema {

struct OpenProject;
struct Draft;

enum class Progress : std::uint8_t { fresh, open, done };

/// A task, template or data set that is named somewhere.
struct WrittenReference {
  std::string_view project;  ///< empty: the one that the reference stands in
  std::string_view name;
  const Node* node = nullptr;
};

/// One place in a pipeline.
struct ItemPlan {
  Draft* draft = nullptr;
  std::string name;
  const Node* node = nullptr;
};

/// The items of a pipeline by stage, then by chain.
struct PipelinePlan {
  std::vector<std::vector<std::vector<ItemPlan>>> stages;
  std::unordered_set<std::string_view> names;  ///< of the items
};

/// What a task waits for: an item of its own pipeline by name, or a task.
struct DependencyPlan {
  std::string_view name;
  Draft* draft = nullptr;  ///< null: an item of the same pipeline
  const Node* node = nullptr;
};

struct DataSetDraft;

struct DataSetPlan {
  DataSetDraft* data_set = nullptr;
  const Node* node = nullptr;
};

/// A task (or template) on its way from what is written to what is meant.
struct Draft {
  OpenProject* project = nullptr;
  const Node* node = nullptr;
  Section section = Section::task;
  std::string name;         ///< empty: it has none of its own
  Draft* parent = nullptr;  ///< the pipeline that this is an item of

  // Filled in when templates and references are applied.
  Progress fields_progress = Progress::fresh;
  const Node* fields = nullptr;  ///< a mapping; null: something is wrong, and was reported
  Draft* target = nullptr;       ///< where `taskRef` leads
  bool plain_reference = false;  ///< says nothing but its name and its target
  bool used = false;             ///< of a template: something is made from it

  // Filled in when the task is built.
  Progress build_progress = Progress::fresh;
  std::unique_ptr<PipelinePlan> pipeline;
  std::vector<DependencyPlan> depends_on;
  std::vector<DataSetPlan> data_sets;
  std::shared_ptr<const Task> task;  ///< null: something is wrong, and was reported
  int height = 0;                    ///< pipelines inside pipelines
};

struct DataSetDraft {
  OpenProject* project = nullptr;
  std::string_view name;
  const Node* node = nullptr;
  Draft* task = nullptr;
  bool planned = false;
  bool used = false;
};

/// A project whose names are being resolved.
struct OpenProject {
  ProjectFile file;
  std::deque<Draft> tasks;      ///< as file.tasks.all
  std::deque<Draft> templates;  ///< as file.templates.all
  std::deque<DataSetDraft> data_sets;
  std::deque<Draft> others;  ///< items of pipelines, and tasks inside models and data sets

  explicit OpenProject(ProjectFile project_file);
  OpenProject(const OpenProject&) = delete;
  OpenProject& operator=(const OpenProject&) = delete;
  ~OpenProject() = default;

  Draft* find_task(std::string_view name);
  Draft* find_template(std::string_view name);
  DataSetDraft* find_data_set(std::string_view name);

  /// What `tools` says for a manager; empty where it says nothing.
  [[nodiscard]] std::string tool_version(std::string_view manager) const;
};

/// `N`, `P.N` or `{name: N, project: P}`; none, and reported, where it is neither. Keys of `section` that are neither
/// name nor project are the caller's.
std::optional<WrittenReference> read_reference(const Value& value, Section section, Decoding& decoding);

/// An entry of a task's `dataSets`: as a reference, or `{ref: …}`.
std::optional<WrittenReference> read_data_set_use(const Node& node, Decoding& decoding);

}  // namespace ame::schema
