// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/run_machine.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/run/detect_gpus.hpp"
#include "core/run/job_environment.hpp"
#include "core/run/wanted_resources.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

/// Nothing starts more processes than this at once, however little each asks for: descriptors are not endless.
constexpr std::size_t most_slots = 1000;

Resources wanted_by(const Step& step, const Project& project) {
  return with_defaults(step.task->resources, project.default_resources);
}

/// Takes the parts of `cpu=4,memory=8Gi` and collects what is wrong with them.
class ShareReader {
 public:
  explicit ShareReader(MachineResources& machine)
      : machine_(machine) {}

  void read(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find(','), text.size());
      read_part(std::string(text.substr(0, end)));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (!mistakes_.empty()) {
      throw Error(ExitCode::usage, std::move(mistakes_));
    }
  }

 private:
  void read_part(const std::string& part) {
    const std::size_t equals = part.find('=');
    const std::string name = part.substr(0, equals);
    if (equals == std::string::npos) {
      return add({.message = fmt::format("`--resources` needs NAME=AMOUNT, not `{}`", part),
                  .hint = "as in `--resources cpu=4,memory=8Gi`"});
    }
    const auto parsed = Quantity::parse(part.substr(equals + 1));
    if (const auto* mistake = std::get_if<QuantityMistake>(&parsed)) {
      return add({.message = fmt::format("`--resources {}`: {}", part, mistake->message), .hint = mistake->hint});
    }
    take(name, std::get<Quantity>(parsed));
  }

  void take(const std::string& name, const Quantity& amount) {
    if (name == "cpu") {
      machine_.cpu = amount;
    } else if (name == "memory") {
      machine_.memory = amount.whole();
    } else if (name == "storage") {
      machine_.free_storage = amount.whole();
    } else if (name == "gpu") {
      take_gpus(amount);
    } else {
      add({.message = fmt::format("`--resources` knows no `{}`", name), .hint = "cpu, memory, storage or gpu"});
    }
  }

  /// Devices cannot be made up.
  void take_gpus(const Quantity& amount) {
    const auto count = static_cast<std::size_t>(amount.whole());
    machine_.gpus.resize(std::min(count, machine_.gpus.size()));
  }

  void add(Diagnostic mistake) { mistakes_.push_back(std::move(mistake)); }

  MachineResources& machine_;
  std::vector<Diagnostic> mistakes_;
};

bool wants_gpu(const Project& project, const TaskGraph& graph) {
  return std::ranges::any_of(graph.steps, [&](const Step& step) { return wanted_by(step, project).gpu.has_value(); });
}

std::optional<SourceSpan> span_if_known(const Place& place) {
  return place.source ? std::optional(span_of(place)) : std::nullopt;
}

}  // namespace

std::size_t slots_of(const MachineShare& share) {
  if (!share.jobs) {
    return most_slots;
  }
  if (*share.jobs < 1) {
    throw Error(ExitCode::usage, Diagnostic{.message = "`--jobs` needs to be at least 1"});
  }
  return static_cast<std::size_t>(*share.jobs);
}

MachineResources whole_machine(Session& session, const std::filesystem::path& directory) {
  MachineResources machine = session.ports.machine().resources(directory);
  detect_gpus(machine, session.ports.processes(), session.ports.clock(), session.environment);
  return machine;
}

ResourcePool pool_for(const Project& project, const TaskGraph& graph, const MachineShare& share, Session& session) {
  MachineResources machine = wants_gpu(project, graph) ? whole_machine(session, project.directory)
                                                       : session.ports.machine().resources(project.directory);
  if (!share.resources.empty()) {
    ShareReader(machine).read(share.resources);
    machine.is_share = true;
  }
  // With `-j` the number is the user's own: steps that say nothing are counted by it alone.
  return {std::move(machine), {.cpu_milli = share.jobs ? 0 : 1000, .memory = 0}};
}

void refuse_too_large(const Project& project,
                      const TaskGraph& graph,
                      const ResourcePool& pool,
                      const MachineShare& share,
                      Reporter& reporter) {
  std::vector<Diagnostic> found;
  for (const Step& step : graph.steps) {
    if (const auto refusal = pool.refusal(wanted_by(step, project))) {
      Diagnostic diagnostic{.severity = share.best_effort ? Severity::warning : Severity::error,
                            .message = fmt::format("the task `{}` {}", step.task->name.text(), *refusal),
                            .where = span_if_known(step.task->where),
                            .hint = share.best_effort ? "it gets what there is" : ""};
      // A task that stands in the graph several times is one mistake.
      if (std::ranges::find(found, diagnostic) == found.end()) {
        found.push_back(std::move(diagnostic));
      }
    }
  }
  if (found.empty()) {
    return;
  }
  if (!share.best_effort) {
    found.back().hint = "`--best-effort` runs it with what there is";
    throw Error(ExitCode::machine, std::move(found));
  }
  for (const Diagnostic& warning : found) {
    reporter.warning(warning);
  }
}

void warn_of_node_selectors(const TaskGraph& graph, Reporter& reporter) {
  std::vector<Diagnostic> told;
  for (const Step& step : graph.steps) {
    if (step.task->node_selector.empty()) {
      continue;
    }
    const Diagnostic warning{
        .severity = Severity::warning,
        .message = fmt::format("the task `{}` chooses machines by their labels, which means nothing on this one",
                               step.task->name.text()),
        .where = span_if_known(step.task->where)};
    if (std::ranges::find(told, warning) == told.end()) {
      reporter.warning(warning);
      told.push_back(warning);
    }
  }
}

void cut_to_machine(std::vector<Job>& jobs, const ResourcePool& pool, const MachineShare& share) {
  if (!share.best_effort) {
    return;
  }
  for (Job& job : jobs) {
    if (pool.refusal(job.resources)) {
      job = with_resources(job, pool.cut_to_capacity(job.resources));
    }
  }
}

}  // namespace ame::cli
