// SPDX-License-Identifier: Apache-2.0
#include "cli/render/task_text.hpp"

#include <array>

#include "cli/render/json_values.hpp"
#include "cli/render/task_values.hpp"
#include "cli/render/yaml.hpp"
#include "core/model/duration.hpp"

namespace ame::cli {

namespace {

using ame::cli::json_of;

Json json_of(const Task& task);

Json json_of(const Chain& chain) {
  if (chain.size() == 1) {
    return json_of(*chain.front());
  }
  Json list = Json::array();
  for (const auto& task : chain) {
    list.push_back(json_of(*task));
  }
  return list;
}

Json json_of(const Pipeline& pipeline) {
  Json stages = Json::array();
  for (const Stage& stage : pipeline.stages) {
    if (stage.size() == 1 && stage.front().size() == 1) {
      stages.push_back(json_of(stage.front()));
      continue;
    }
    Json chains = Json::array();
    for (const Chain& chain : stage) {
      chains.push_back(json_of(chain));
    }
    stages.push_back(chains);
  }
  return stages;
}

Json dependencies_of(const Task& task) {
  Json names = Json::array();
  for (const TaskDependency& dependency : task.depends_on) {
    const bool is_ours = dependency.project.empty() || dependency.project == task.project;
    names.push_back((is_ours ? "" : dependency.project.text() + ".") + dependency.name.text());
  }
  return names;
}

Json data_sets_of(const Task& task) {
  Json list = Json::array();
  for (const DataSetReference& reference : task.data_sets) {
    if (reference.project.empty() || reference.project == task.project) {
      list.push_back(reference.name);
    } else {
      list.push_back({{"name", reference.name}, {"project", reference.project.text()}});
    }
  }
  return list;
}

Json json_of(const RetryPolicy& retries) {
  if (retries == RetryPolicy{}) {
    return nullptr;
  }
  const bool waits = retries.backoff.count() != 0;
  return {{"count", retries.count},
          {"backoff", waits ? Json(duration_text(retries.backoff)) : Json()},
          {"backoffFactor", waits ? Json(retries.backoff_factor) : Json()},
          {"onExitCodes", retries.on_exit_codes},
          {"onOutOfMemory", retries.on_out_of_memory}};
}

Json json_of(const std::vector<MatrixCombination>& combinations) {
  Json list = Json::array();
  for (const MatrixCombination& combination : combinations) {
    list.push_back(json_of(combination.values));
  }
  return list;
}

Json json_of(const Matrix& matrix) {
  if (matrix == Matrix{}) {
    return nullptr;
  }
  Json object = Json::object();
  for (const MatrixAxis& axis : matrix.axes) {
    object[axis.key] = axis.values;
  }
  object["include"] = json_of(matrix.include);
  object["exclude"] = json_of(matrix.exclude);
  return object;
}

Json json_of(const Triggers& triggers) {
  constexpr std::array<const char*, 3> policies = {"Allow", "Forbid", "Replace"};
  if (triggers == Triggers{}) {
    return nullptr;
  }
  Json git;
  if (triggers.git) {
    git = {{"branch", text_or_null(triggers.git->branch)},
           {"paths", triggers.git->paths},
           {"tags", triggers.git->tags},
           {"interval", duration_text(triggers.git->interval)}};
  }
  return {{"schedule", text_or_null(triggers.schedule)},
          {"timezone", text_or_null(triggers.timezone)},
          {"catchUp", triggers.catch_up},
          {"concurrencyPolicy", policies.at(static_cast<std::size_t>(triggers.concurrency))},
          {"git", git}};
}

Json json_of(const CleanupPolicy& cleanup) {
  return {{"keepRuns", cleanup.keep_runs ? Json(*cleanup.keep_runs) : Json()},
          {"keepFor", cleanup.keep_for ? Json(duration_text(*cleanup.keep_for)) : Json()},
          {"keepLog", cleanup.keep_log ? Json(cleanup.keep_log->text()) : Json()},
          {"packAfter", cleanup.pack_after ? Json(duration_text(*cleanup.pack_after)) : Json()}};
}

Json labels_of(const std::vector<NodeLabel>& labels) {
  Json object = Json::object();
  for (const NodeLabel& label : labels) {
    object[label.key] = label.value;
  }
  return object;
}

Json json_of(const Task& task) {
  const auto* executor = std::get_if<Executor>(&task.work);
  return {{"name", task.name.text()},
          {"description", text_or_null(task.description)},
          {"executor", executor != nullptr ? json_of(*executor) : Json()},
          {"pipeline", executor != nullptr ? Json() : json_of(std::get<Pipeline>(task.work))},
          {"dependsOn", dependencies_of(task)},
          {"when", text_or_null(task.when)},
          {"matrix", json_of(task.matrix)},
          {"resources", json_of(task.resources)},
          {"environment", json_of(task.environment)},
          {"secrets", json_of(task.secrets)},
          {"dataSets", data_sets_of(task)},
          {"artifacts", json_of(task.artifacts)},
          {"triggers", json_of(task.triggers)},
          {"retries", json_of(task.retries)},
          {"timeout", task.timeout ? Json(duration_text(*task.timeout)) : Json()},
          {"workdir", text_or_null(task.working_directory)},
          {"ignoreErrors", task.ignore_errors},
          {"cache",
           task.cache == CachePolicy{} ? Json() : Json{{"inputs", task.cache.inputs}, {"outputs", task.cache.outputs}}},
          {"cleanup", task.cleanup == CleanupPolicy{} ? Json() : json_of(task.cleanup)},
          {"nodeSelector", labels_of(task.node_selector)}};
}

}  // namespace

std::string task_yaml(const Task& task) {
  return yaml_text(json_of(task));
}

std::string task_json(const Task& task) {
  return document_text(json_of(task));
}

}  // namespace ame::cli
