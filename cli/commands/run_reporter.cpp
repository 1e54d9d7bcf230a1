// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/run_reporter.hpp"

#include <utility>
#include <variant>

#include "cli/render/grouped_reporter.hpp"
#include "cli/render/json.hpp"
#include "cli/render/json_reporter.hpp"
#include "cli/render/line_reporter.hpp"

namespace ame::cli {

std::unique_ptr<Reporter> reporter_for(const RunWishes& wishes, WaitsFor waits_for, Session& session) {
  if (wishes.json && !wishes.detach) {
    return std::make_unique<JsonReporter>(session.terminal);
  }
  if (wishes.serving) {
    return std::make_unique<LineReporter>(session.terminal);  // which a background may share
  }
  const Folding folding = folding_of(session.variable("GITHUB_ACTIONS"), session.variable("GITLAB_CI"));
  const bool folds = wishes.output.empty() && folding != Folding::none;
  if (wishes.output == "grouped" || wishes.output == "quiet" || folds) {
    const GroupedOutput output = wishes.output == "quiet" ? GroupedOutput::failed : GroupedOutput::all;
    return std::make_unique<GroupedReporter>(
        GroupedReporter::World{session.terminal, session.ports.runs(), session.ports.clock()}, folding, output);
  }
  return std::make_unique<LineReporter>(session.terminal,
                                        LiveWorld{.machine = wishes.elsewhere ? nullptr : &session.ports.machine(),
                                                  .clock = &session.ports.clock(),
                                                  .slots = wishes.slots,
                                                  .waits_for = std::move(waits_for)});
}

void report_warnings(const std::vector<StepPlan>& plans, Reporter& reporter) {
  for (const StepPlan& plan : plans) {
    for (const Diagnostic& warning : plan.warnings) {
      reporter.warning(warning);
    }
  }
}

std::string detached_text(const RunRecord& run, const RunWishes& wishes, Session& session) {
  return wishes.json ? run_json(run, {session.ports.runs().directory_of(run.id).string()}) : display_name(run) + "\n";
}

/// On the front side of a detached run.
ExitCode tell_detached(Session& session) {
  const auto heard = session.ports.background().hear();
  if (const auto* code = std::get_if<int>(&heard)) {
    return static_cast<ExitCode>(*code);
  }
  session.terminal.answer(std::get<std::string>(heard));
  return ExitCode::success;
}

}  // namespace ame::cli
