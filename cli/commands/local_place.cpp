// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/local_place.hpp"

#include <utility>

namespace ame::cli {

namespace {

ResourcePool checked_pool(
    const Project& project, const TaskGraph& graph, const MachineShare& share, Session& session, Reporter& reporter) {
  ResourcePool pool = pool_for(project, graph, share, session);
  refuse_too_large(project, graph, pool, share, reporter);
  warn_of_node_selectors(graph, reporter);
  return pool;
}

}  // namespace

std::vector<OptionSpec> local_options(LocalWishes& wishes) {
  return {{"--resources",
           &wishes.share.resources,
           "AMOUNTS",
           "Use so much of this machine, as `cpu=4,memory=8Gi,gpu=1`",
           {}},
          {"--best-effort", &wishes.share.best_effort, "", "Run also what asks for more than there is", {}},
          {"--container", &wishes.containers.always, "", "Run also steps without an image in a container", {}},
          {"--no-container", &wishes.containers.never, "", "Run steps with an image on this machine itself", {}},
          {"--container-root", &wishes.containers.as_root, "", "Let steps in containers be root", {}}};
}

LocalPlace::LocalPlace(const LocalRun& run, const LocalWishes& wishes, Session& session, Reporter& reporter)
    : share_(wishes.share),
      pool_(checked_pool(run.project, run.graph, wishes.share, session, reporter)),
      containers_({run.graph, run.plans, run.caller}, wishes.containers, session),
      container_processes_(
          {session.ports.processes(), session.ports.files(), session.ports.clock(), session.ports.container_guard()}),
      watched_(container_processes_, session.ports.clock()),
      local_(watched_, run.environments, session.ports.clock(), {.slots = slots_of(wishes.share)}) {}

void LocalPlace::prepare(std::vector<Job>& jobs) const {
  cut_to_machine(jobs, pool_, share_);
  containers_.place(jobs);
}

}  // namespace ame::cli
