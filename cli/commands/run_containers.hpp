// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/session.hpp"
#include "core/env/image_environments.hpp"
#include "core/graph/task_graph.hpp"
#include "core/run/job.hpp"
#include "core/run/step_plan.hpp"

namespace ame::cli {

/// Where steps run: the options of that name.
struct ContainerWishes {
  bool always = false;   ///< `--container`: also steps that name no image, in the default one
  bool never = false;    ///< `--no-container`
  bool as_root = false;  ///< `--container-root`
};

/// What AME_DEFAULT_IMAGE says, or the image that the Dockerfile of the guide makes.
std::string default_image(const Session& session);

struct ContainerRun {
  const TaskGraph& graph;
  const std::vector<StepPlan>& plans;
  const std::map<std::string, std::string>& caller;  ///< of ame's own environment, what programs may inherit
};

/// The containers of a run: which image each step runs in, as which user, and where its environment is kept.
class RunContainers {
 public:
  /// Finds the engine and every image, pulling those that are not there. Throws Error(usage) for wishes that exclude
  /// each other and Error(machine), before anything starts, where there is no engine, an image cannot be had, or steps
  /// would be root without being asked to.
  RunContainers(const ContainerRun& run, const ContainerWishes& wishes, Session& session);

  /// Sets where each job runs.
  void place(std::vector<Job>& jobs) const;

  [[nodiscard]] bool is_empty() const { return images_.empty(); }

 private:
  /// An image in the use of one project.
  struct Prepared {
    std::string name;
    std::filesystem::path project;
    std::shared_ptr<const ContainerPlace> place;
    std::shared_ptr<const std::vector<EnvironmentVariable>> inherited;
    std::unique_ptr<ImageEnvironments> environments;
  };

  Prepared prepare(const Step& step, const std::string& name, const ContainerWishes& wishes, Session& session);

  std::map<std::string, std::string> caller_;
  std::vector<std::optional<std::size_t>> image_of_;  ///< by step
  std::vector<Prepared> images_;
  std::optional<bool> can_limit_;  ///< the engine, in general; none: not asked yet
};

}  // namespace ame::cli
