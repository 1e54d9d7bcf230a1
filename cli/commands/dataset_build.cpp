// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands/carry_out.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/find_data_sets.hpp"
#include "cli/commands/open_project.hpp"
#include "cli/commands/prepare_data.hpp"

namespace ame::cli {

namespace {

struct DataSetBuildOptions {
  std::vector<std::string> names;
  std::optional<long> jobs;
  std::vector<std::string> variables;
  bool refresh = false;
  bool json = false;
};

/// `ame dataset build`
ExitCode build(const DataSetBuildOptions& options, Session& session) {
  const RunWishes wishes{.local = {.share = {.jobs = options.jobs}},
                         .slots = slots_in(options.jobs),
                         .timeout = {},
                         .variables = variables_in(options.variables),
                         .json = options.json,
                         .refresh_data = options.refresh};
  Project project = open_project(session);
  const std::vector<DataSet> wanted = data_sets_named(project, options.names);
  if (wanted.empty()) {
    session.terminal.remark("this project has no data sets\n");
    return ExitCode::success;
  }
  PreparedRun run = prepare_making(std::move(project), wanted, session.ports.files());
  leave_out_ready_data(run, {.targets = {}, .wishes = wishes}, session);
  return run.graph.steps.empty() ? ExitCode::success : carry_out(run, wishes, session);
}

}  // namespace

CommandSpec dataset_build_command() {
  const auto options = std::make_shared<DataSetBuildOptions>();
  return {
      .name = "build",
      .summary = "Make data sets that are not ready, on this machine",
      .details = "Without a name, all of this project. What is ready is left as it is.",
      .options = {{"--refresh-data", &options->refresh, "", "Make them anew, ready or not", {}},
                  {"-j,--jobs", &options->jobs, "N", "At most so many steps at once; default: one for each CPU", {}},
                  {"-e,--env", &options->variables, "KEY=VALUE", "Set a variable; may be given several times", {}},
                  {"--json", &options->json, "", "Tell what happens as JSON, one object a line", {}}},
      .arguments = {{"NAME", &options->names, "Data sets of this project", false, Completion::nothing}},
      .examples = {{"ame dataset build customers", "make `customers` unless it is ready"}},
      .action = [options](Session& session) { return build(*options, session); }};
}

}  // namespace ame::cli
