// SPDX-License-Identifier: Apache-2.0
#include "schema/reserved_variables.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

namespace ame::schema {

namespace {

constexpr std::array<ProvidedVariable, 22> provided = {{
    {"AME_PROJECT", "name of the project"},
    {"AME_TASK", "name of the task"},
    {"AME_RUN_ID", "number of the run"},
    {"AME_STEP", "name of the step: the task's, or `outer/inner` in a pipeline"},
    {"AME_ATTEMPT", "1, or more after retries"},
    {"AME_PROJECT_DIR", "directory of the project"},
    {"AME_ARTIFACT_DIR", "directory whose files are kept with the run"},
    {"AME_DATA_DIR", "directory of the data sets"},
    {"AME_MODEL_NAME", "model whose version is validated"},
    {"AME_MODEL_VERSION", "number of that version"},
    {"AME_MODEL_URI", "the same for MLflow: `models:/NAME/VERSION`"},
    {"AME_MATRIX_*", "the matrix values of this step"},
    {"AME_RESOURCES_*", "what the task asked for: CPU, MEMORY, STORAGE, GPU"},
    {"MLFLOW_TRACKING_URI", "where MLflow records, when known"},
    {"MLFLOW_RUN_ID", "run in MLflow, when known"},
    {"MLFLOW_EXPERIMENT_NAME", "experiment in MLflow, when known"},
    {"PIPENV_YES", "1: Pipenv asks nothing"},
    {"PIPENV_NOSPIN", "1: Pipenv draws no spinner"},
    {"POETRY_NO_INTERACTION", "1: Poetry asks nothing"},
    {"PIP_DISABLE_PIP_VERSION_CHECK", "1: pip looks for no newer pip"},
    {"PYTHONUNBUFFERED", "1: Python's output is seen at once"},
    {"AME_*", "kept for later versions"},
}};

bool covers(std::string_view pattern, std::string_view name) {
  return pattern.ends_with('*') ? name.starts_with(pattern.substr(0, pattern.size() - 1)) : pattern == name;
}

constexpr const char* other_name = "take another name";

std::string not_to_be_set(std::string_view name) {
  return fmt::format("the variable `{}` is set by ame and cannot be set here", name);
}

const Node* place_of(std::string_view variable, const Node& environment) {
  for (const Entry& entry : environment.entries) {
    if (entry.key.scalar == variable) {
      return &entry.key;
    }
  }
  for (const Node& item : environment.items) {
    for (const Entry& entry : item.entries) {
      const KeyRow* row = find_key(Section::variable, entry.key.scalar).row;
      if (row != nullptr && row->key == Key::key && entry.value.scalar == variable) {
        return &entry.value;
      }
    }
  }
  return nullptr;
}

}  // namespace

std::span<const ProvidedVariable> provided_variables() {
  return provided;
}

bool is_provided(std::string_view name) {
  // Nearly no name begins like one of them, so nearly all are told apart by their first letter.
  if (name.empty() || std::string_view("AMP").find(name[0]) == std::string_view::npos) {
    return false;
  }
  return std::ranges::any_of(provided, [&](const ProvidedVariable& one) { return covers(one.name, name); });
}

void check_reserved_variables(const Value& environment, const Task& task, Decoding& decoding) {
  for (const EnvironmentVariable& variable : task.environment) {
    if (is_provided(variable.key)) {
      const Node* where = place_of(variable.key, environment.node);
      decoding.problems.reserved({.where = where == nullptr ? environment.node : *where,
                                  .message = not_to_be_set(variable.key),
                                  .hint = other_name});
    }
  }
}

void check_secret_targets(const Task& task, const Node* environment, Decoding& decoding) {
  std::unordered_map<std::string_view, const SecretReference*> seen;
  for (const SecretReference& secret : task.secrets) {
    const std::string& target = secret.inject_as.empty() ? secret.inject_as_file : secret.inject_as;
    if (target.empty()) {
      continue;
    }
    const Spot where = decoding.sources.spot_of(secret.where);
    if (!secret.inject_as.empty() && is_provided(target)) {
      decoding.problems.reserved({.where = where, .message = not_to_be_set(target), .hint = other_name});
    }
    const auto [found, added] = seen.try_emplace(target, &secret);
    if (!added) {
      decoding.problems.error({.where = where,
                               .message = fmt::format("two secrets go to `{}`", target),
                               .related = {{"the first one", decoding.sources.spot_of(found->second->where)}}});
    }
    const bool set = !secret.inject_as.empty() &&
                     std::ranges::find(task.environment, target, &EnvironmentVariable::key) != task.environment.end();
    if (set && environment != nullptr) {
      const Node* variable = place_of(target, *environment);
      decoding.problems.error(
          {.where = where,
           .message = fmt::format("the variable `{}` is set by this secret and by `environment`", target),
           .related = {{"set here", variable == nullptr ? *environment : *variable}}});
    }
  }
}

}  // namespace ame::schema
