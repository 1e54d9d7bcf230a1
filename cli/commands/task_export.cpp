// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/commands/carry_out.hpp"
#include "cli/commands/cluster_submission.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/open_project.hpp"
#include "cli/commands/targets.hpp"
#include "clusters/slurm/slurm_export.hpp"
#include "clusters/slurm/slurm_fit.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

namespace fs = std::filesystem;

struct TaskExportOptions {
  std::vector<std::string> names;
  std::vector<std::string> extra_arguments;
  std::vector<std::string> variables;
  std::string format = "slurm";
  std::string to;
  std::string project_directory;
  std::string partition;
  std::string account;
  bool strict = false;
  bool force = false;
};

void write(const std::vector<clusters::RenderedFile>& exported,
           const fs::path& directory,
           bool force,
           Session& session) {
  FileSystem& files = session.ports.files();
  if (!force && files.status(directory).kind != FileKind::missing) {
    throw Error(ExitCode::usage,
                Diagnostic{.message = fmt::format("`{}` is there already; nothing was written", directory.string()),
                           .hint = "`--force` writes over it"});
  }
  for (const clusters::RenderedFile& file : exported) {
    const fs::path path = directory / file.name;
    files.make_directories(path.parent_path());
    files.write_atomically(path, file.text, FileMode::executable);
  }
}

/// `ame task export`
ExitCode task_export(const TaskExportOptions& options, Session& session) {
  Project project = open_project(session);
  const auto targets = tasks_named_or_asked(session, project, options.names, "ame task export", OnlyTask::take);
  if (!targets) {
    return ExitCode::interrupted;
  }
  const PreparedRun run = prepare_run(std::move(project), *targets, options.extra_arguments, session.ports.files());
  require_one_project(run);
  const std::vector<Job> jobs = jobs_for_elsewhere(run, {.variables = variables_in(options.variables)});
  const fs::path there =
      options.project_directory.empty() ? run.project.directory : fs::path(options.project_directory);
  if (!there.is_absolute()) {
    throw Error(ExitCode::usage, Diagnostic{.message = fmt::format("`{}` is no absolute path", there.string())});
  }
  const std::vector<clusters::RenderedFile> exported =
      clusters::slurm_export(run.graph,
                             jobs,
                             {.project = there, .partition = options.partition, .account = options.account},
                             session.ports.files());
  tell_what_cannot_be(clusters::slurm_fit(run.graph, jobs, /*is_followed=*/false), "Slurm", options.strict, session);
  const std::string name = options.to.empty() ? "slurm-" + run.record.name : options.to;
  const fs::path directory = (session.directory / name).lexically_normal();
  write(exported, directory, options.force, session);
  session.terminal.remark(fmt::format("wrote {} for {}; `sh {}` submits them\n",
                                      counted(exported.size() - 1, "script"),
                                      "Slurm",
                                      shell_quoted((fs::path(name) / "submit.sh").string())));
  return ExitCode::success;
}

}  // namespace

CommandSpec task_export_command() {
  const auto options = std::make_shared<TaskExportOptions>();
  return {
      .name = "export",
      .summary = "Write tasks as scripts that a cluster runs without ame",
      .details =
          "For Slurm: a batch script for each step and `submit.sh`, which submits them with what they need of each "
          "other. A script finds a Python, makes the task's environment once for all machines, and runs its command. "
          "What Slurm cannot be told is listed. The project's files have to be where the scripts run.",
      .options =
          {{"--format", &options->format, "FORMAT", "For which engine", {"slurm"}},
           {"--to", &options->to, "DIR", "Where to write; default: slurm-NAME", {}},
           {"--project-dir", &options->project_directory, "DIR", "The project's directory there; default: as here", {}},
           {"--partition", &options->partition, "NAME", "Partition of the cluster", {}},
           {"--account", &options->account, "NAME", "Account that is charged", {}},
           {"-e,--env", &options->variables, "KEY=VALUE", "Set a variable; may be given several times", {}},
           {"--strict", &options->strict, "", "What Slurm cannot be told is an error", {}},
           {"--force", &options->force, "", "Write over what is there", {}}},
      .arguments = {{"NAME", &options->names, "Tasks, with what they need", false, Completion::task}},
      .rest = &options->extra_arguments,
      .examples = {{"ame task export nightly --partition gpu", "write slurm-nightly/submit.sh and its scripts"}},
      .action = [options](Session& session) { return task_export(*options, session); }};
}

}  // namespace ame::cli
