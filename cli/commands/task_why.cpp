// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>

#include "cli/commands/commands.hpp"
#include "cli/commands/explain_run.hpp"
#include "cli/commands/find_run.hpp"
#include "cli/commands/follow_left_runs.hpp"
#include "cli/commands/step_named.hpp"
#include "cli/render/run_words.hpp"
#include "cli/render/why_text.hpp"

namespace ame::cli {

namespace {

struct TaskWhyOptions {
  std::string run;
  std::string step;
  bool json = false;
};

ExitCode task_why(const TaskWhyOptions& options, Session& session) {
  if (const std::optional<ExitCode> followed = follow_left_runs(session)) {
    return *followed;
  }
  const RunRecord run = find_run(session, options.run);
  std::optional<StepName> step;
  if (!options.step.empty()) {
    step = step_named(names_of(run.steps), options.step, display_name(run));
  }
  const std::vector<StepExplanation> explanations = explain_run(run, step, session);
  session.terminal.answer(options.json ? why_json(run, explanations)
                                       : why_text(run, explanations, session.terminal.answer_paint()));
  return ExitCode::success;
}

}  // namespace

CommandSpec task_why_command() {
  const auto options = std::make_shared<TaskWhyOptions>();
  return {.name = "why",
          .summary = "Say why steps failed, wait, were skipped or ran again",
          .details =
              "Of what failed: the exit code or signal, what that usually means, earlier attempts and the last "
              "lines. Of what waits: for which steps, or for what of the machine.",
          .options = {{"--json", &options->json, "", "Print JSON", {}}},
          .arguments = {{"RUN", &options->run, "Number or name of the run, or name of the task", true, Completion::run},
                        {"STEP", &options->step, "Only this step", false, Completion::nothing}},
          .examples = {{"ame task why train", "why the newest run of `train` is as it is"},
                       {"ame task why 142 fit", "the step `fit` of run 142"}},
          .action = [options](Session& session) { return task_why(*options, session); }};
}

}  // namespace ame::cli
