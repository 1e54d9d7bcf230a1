// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands/local_place.hpp"
#include "cli/session.hpp"
#include "core/data/deployment_record.hpp"
#include "core/data/model_registry.hpp"
#include "core/exit_code.hpp"
#include "core/model/project.hpp"
#include "core/model/run.hpp"

namespace ame::cli {

/// What was deployed last of a model.
struct Served {
  DeploymentRecord record;
  RunRecord run;
  bool is_alive = false;  ///< its run goes on

  /// "http://127.0.0.1:5001"
  [[nodiscard]] std::string address() const;
};

/// None: it was never deployed here, or nothing is known of its run any more.
std::optional<Served> served_of(Session& session, const Project& project, const std::string& model);

/// Runs that serve it and are not over: one, unless a deployment was broken off just when it let clients in.
std::vector<RunRecord> runs_that_serve(Session& session, const Project& project, const std::string& model);

/// Says how to bring a deployment up to date, where one is behind.
void remark_on_deployment(const Project& project, const std::string& model, Session& session);

struct DeployWishes {
  std::optional<long> port;  ///< none: as before, or one that is free
  bool force = false;        ///< also when this version is served already
  LocalWishes local;
};

/// A version of a model of a project.
struct VersionOfModel {
  const Project& project;
  const Model& model;
  ModelVersion version;
  std::string registry;  ///< address of the MLflow server whose version it is
};

/// Hears where a version answers, in a line.
using TellServed = std::function<void(const std::string&)>;

/// Serves a version, whose validation was green, in the place of the one that is served; blocks until it is stopped.
/// Once it is healthy, `tell` hears of it.
ExitCode serve_version(const VersionOfModel& wanted,
                       const DeployWishes& wishes,
                       const TellServed& tell,
                       Session& session);

}  // namespace ame::cli
