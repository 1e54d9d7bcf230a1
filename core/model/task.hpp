// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/model/command.hpp"
#include "core/model/executor.hpp"
#include "core/model/quantity.hpp"
#include "core/model/resources.hpp"
#include "core/model/secret.hpp"
#include "core/names.hpp"
#include "core/source_span.hpp"

namespace ame {

struct Task;

/// What a task waits for.
struct TaskDependency {
  TaskName name;
  ProjectName project;  ///< whose task it is; empty: an item of the same pipeline
  Place where;

  bool operator==(const TaskDependency&) const = default;
};

/// Tasks that run one after another inside a stage.
using Chain = std::vector<std::shared_ptr<const Task>>;

/// Chains that start together; the next stage waits for all of them.
using Stage = std::vector<Chain>;

struct Pipeline {
  std::vector<Stage> stages;

  bool operator==(const Pipeline&) const = default;
};

struct ArtifactPath {
  std::string path;  ///< file, directory or glob, relative to the project
  bool optional = false;

  bool operator==(const ArtifactPath&) const = default;
};

struct Artifacts {
  std::vector<ArtifactPath> paths;
  bool save_changed_files = false;
  bool save_on_failure = false;

  bool operator==(const Artifacts&) const = default;
};

struct DataSetReference {
  std::string name;
  ProjectName project;
  Place where;

  bool operator==(const DataSetReference&) const = default;
};

struct GitTrigger {
  std::string branch;
  std::vector<std::string> paths;
  std::vector<std::string> tags;
  std::chrono::seconds interval{300};

  bool operator==(const GitTrigger&) const = default;
};

enum class ConcurrencyPolicy { allow, forbid, replace };

struct Triggers {
  std::string schedule;  ///< five cron fields or @daily and its kin; empty: none
  std::string timezone;  ///< IANA name; empty: the machine's
  bool catch_up = false;
  ConcurrencyPolicy concurrency = ConcurrencyPolicy::allow;
  std::optional<GitTrigger> git;

  bool operator==(const Triggers&) const = default;
};

struct RetryPolicy {
  int count = 0;                         ///< further attempts after the first
  std::chrono::milliseconds backoff{0};  ///< before the first retry
  double backoff_factor = 2.0;
  std::vector<int> on_exit_codes;  ///< empty: any failure
  bool on_out_of_memory = false;   ///< with more memory, up to Resources::memory_max

  bool operator==(const RetryPolicy&) const = default;
};

/// One axis of a matrix, in the order of the file.
struct MatrixAxis {
  std::string key;
  std::vector<std::string> values;

  bool operator==(const MatrixAxis&) const = default;
};

/// A set of combinations added to or taken from a matrix.
struct MatrixCombination {
  std::vector<EnvironmentVariable> values;

  bool operator==(const MatrixCombination&) const = default;
};

struct Matrix {
  std::vector<MatrixAxis> axes;
  std::vector<MatrixCombination> include;
  std::vector<MatrixCombination> exclude;

  bool operator==(const Matrix&) const = default;
};

struct CachePolicy {
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;

  bool operator==(const CachePolicy&) const = default;
};

/// What is kept of finished runs. None: as the configuration says.
struct CleanupPolicy {
  std::optional<int> keep_runs;
  std::optional<std::chrono::milliseconds> keep_for;
  std::optional<Quantity> keep_log;  ///< bytes of each step's log, the newest
  std::optional<std::chrono::milliseconds> pack_after;

  bool operator==(const CleanupPolicy&) const = default;
};

struct NodeLabel {
  std::string key;
  std::string value;

  bool operator==(const NodeLabel&) const = default;
};

/// A task as it is meant: templates applied, references followed, defaults not yet filled in. A value; shared between
/// the places that refer to it.
struct Task {
  TaskName name;
  TaskName refers_to;  ///< the target's name where this came from a taskRef; else empty
  std::string description;
  std::variant<Executor, Pipeline> work;
  std::vector<TaskDependency> depends_on;
  Resources resources;
  std::vector<SecretReference> secrets;
  std::vector<EnvironmentVariable> environment;
  Artifacts artifacts;
  std::vector<DataSetReference> data_sets;
  Triggers triggers;
  RetryPolicy retries;
  std::optional<std::chrono::milliseconds> timeout;
  Matrix matrix;
  std::string when;               ///< condition; empty: always
  std::string working_directory;  ///< relative to the project; empty: the project itself
  bool ignore_errors = false;
  CachePolicy cache;
  CleanupPolicy cleanup;
  std::vector<NodeLabel> node_selector;
  ProjectName project;                      ///< whose files it runs in
  std::filesystem::path project_directory;  ///< absolute
  Place where;                              ///< of its name

  bool operator==(const Task&) const = default;
};

}  // namespace ame
