// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include "cli/app.hpp"
#include "cli/commands/commands.hpp"
#include "cli/commands/open_project.hpp"
#include "cli/complete.hpp"
#include "cli/render/completion_scripts.hpp"

namespace ame::cli {

namespace {

constexpr std::size_t runs_offered = 50;

std::vector<Candidate> tasks_here(Session& session) {
  std::vector<Candidate> candidates;
  for (const auto& task : open_project(session).tasks) {
    candidates.push_back({task->name.text(), task->description});
  }
  return candidates;
}

std::vector<Candidate> newest_runs(Session& session) {
  std::vector<Candidate> candidates;
  for (const RunRecord& run : session.ports.runs().list({.limit = runs_offered})) {
    candidates.push_back({display_name(run), word_of(run.state)});
  }
  return candidates;
}

ExitCode complete_words(const std::vector<std::string>& words, Session& session) {
  GlobalOptions unused;
  const CompletionSources sources{.tasks = [&] { return tasks_here(session); },
                                  .runs = [&] { return newest_runs(session); }};
  for (const Candidate& candidate : complete(all_commands(unused), words, sources)) {
    std::string line = candidate.word + "\t" + candidate.text.substr(0, candidate.text.find('\n'));
    std::ranges::replace(line.begin() + static_cast<std::ptrdiff_t>(candidate.word.size()) + 1, line.end(), '\t', ' ');
    session.terminal.answer(line + "\n");
  }
  return ExitCode::success;
}

}  // namespace

CommandSpec complete_command() {
  const auto words = std::make_shared<std::vector<std::string>>();
  return {.name = "complete",
          .summary = "Print what may be typed next, one word with its meaning a line",
          .rest = words.get(),
          .action = [words](Session& session) { return complete_words(*words, session); }};
}

CommandSpec completion_command() {
  const auto shell = std::make_shared<std::string>();
  return {.name = "completion",
          .summary = "Print a script that completes commands, options, tasks and runs in a shell",
          .arguments = {{"SHELL", shell.get(), "`bash`, `zsh` or `fish`", true}},
          .examples = {{"source <(ame completion bash)", "in ~/.bashrc"},
                       {"source <(ame completion zsh)", "in ~/.zshrc, after compinit"},
                       {"ame completion fish | source", "in ~/.config/fish/config.fish"}},
          .action = [shell](Session& session) {
            session.terminal.answer(completion_script(*shell));
            return ExitCode::success;
          }};
}

}  // namespace ame::cli
