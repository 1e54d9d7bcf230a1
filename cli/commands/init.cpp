// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/commands/detect_project.hpp"
#include "cli/commands/init_example.hpp"
#include "cli/commands/open_project.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

std::optional<std::filesystem::path> existing_file(Session& session) {
  for (const char* const name : {"ame.yml", "ame.yaml"}) {
    std::filesystem::path file = session.directory / name;
    if (session.ports.files().status(file).kind != FileKind::missing) {
      return file;
    }
  }
  return std::nullopt;
}

std::vector<std::string> names_of(const DetectedProject& project) {
  std::vector<std::string> names;
  for (const DetectedTask& task : project.tasks) {
    names.push_back(task.name);
  }
  return names;
}

ExitCode init_as_example(const std::string& name, Session& session) {
  write_example(name, session);
  const Project project = open_project(session);
  session.terminal.answer(fmt::format("wrote the example `{}`, which README.md explains\n", name));
  session.terminal.remark(fmt::format("next: ame task run -l {}\n", project.tasks.front()->name.text()));
  return ExitCode::success;
}

ExitCode init(Session& session) {
  if (const auto file = existing_file(session)) {
    session.terminal.answer(fmt::format("{} is there already, nothing was changed\n", shown_path(session, *file)));
    return ExitCode::success;
  }
  const DetectedProject project = detect_project(session.ports.files(), session.directory);
  const std::filesystem::path file = session.directory / "ame.yml";
  session.ports.files().write_atomically(file, project_file_text(project));
  const std::string because = project.because.empty() ? "" : fmt::format(", because of {}", project.because);
  session.terminal.answer(fmt::format("wrote {} with {} {} for `!{}`{}\n",
                                      shown_path(session, file),
                                      project.tasks.size() == 1 ? "the task" : "the tasks",
                                      all_of(names_of(project)),
                                      project.executor,
                                      because));
  session.terminal.remark(project.remark.empty() ? "" : "note: " + project.remark + "\n");
  session.terminal.remark(fmt::format("next: ame task run -l {}\n", project.tasks.front().name));
  return ExitCode::success;
}

}  // namespace

CommandSpec init_command() {
  const auto example = std::make_shared<std::string>();
  return {.name = "init",
          .summary = "Write an ame.yml for the project in this directory",
          .details =
              "Sees uv.lock, poetry.lock, Pipfile.lock, MLproject and requirements.txt, and scripts such as "
              "train.py. A file that is there already stays as it is. With `--example`, a whole project is written "
              "to try things with: code, lock file, ame.yml and a README.md about it.",
          .options = {{"--example", example.get(), "NAME", "Write this example project instead", example_names()}},
          .examples = {{"ame init", "write ame.yml here"},
                       {"ame init --example pip", "write the example project for pip here"}},
          .action = [example](Session& session) {
            return example->empty() ? init(session) : init_as_example(*example, session);
          }};
}

}  // namespace ame::cli
