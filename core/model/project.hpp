// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/model/task.hpp"
#include "core/model/vault.hpp"
#include "core/names.hpp"

namespace ame {

/// Data that a task produces and others use.
struct DataSet {
  std::string name;
  ProjectName project;               ///< whose it is
  std::string path;                  ///< relative to the project
  std::shared_ptr<const Task> task;  ///< produces it
  std::optional<Quantity> size;      ///< bytes expected
  Place where;

  bool operator==(const DataSet&) const = default;
};

struct Deployment {
  int replicas = 1;
  std::string image;
  std::optional<CommandText> command;
  Resources resources;
  bool auto_train = false;
  bool deploy = true;
  bool enable_tls = true;
  std::vector<NodeLabel> ingress_annotations;

  bool operator==(const Deployment&) const = default;
};

struct Model {
  std::string name;
  std::shared_ptr<const Task> training;    ///< may be null
  std::shared_ptr<const Task> validation;  ///< may be null
  std::optional<Deployment> deployment;
  Place where;

  bool operator==(const Model&) const = default;
};

/// An ame.yml as it is meant. Every name in it leads somewhere; nothing in it is circular.
struct Project {
  ProjectName name;
  std::filesystem::path directory;                       ///< absolute
  std::filesystem::path file;                            ///< absolute
  std::vector<std::shared_ptr<const Task>> tasks;        ///< in the order of the file
  std::vector<std::shared_ptr<const Task>> other_tasks;  ///< of other projects, as far as this one leads to them
  std::vector<DataSet> data_sets;                        ///< of this project, then those of others that it uses
  std::vector<Model> models;
  std::vector<Vault> vaults;
  Resources default_resources;  ///< `defaults: {resources: …}`

  /// A task of this project; null where there is none of that name.
  [[nodiscard]] std::shared_ptr<const Task> find_task(const TaskName& wanted) const;
};

}  // namespace ame
