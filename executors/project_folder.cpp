// SPDX-License-Identifier: Apache-2.0
#include "executors/project_folder.hpp"

#include <utility>

#include <fmt/format.h>

#include "core/formats/parse.hpp"
#include "core/run/step_plan.hpp"

namespace ame::executors {

namespace fs = std::filesystem;

namespace {

fs::path normal(const fs::path& path) {
  const fs::path plain = path.lexically_normal();
  return plain == "." ? fs::path() : plain;
}

bool is_file(const FileReader& files, const fs::path& path) {
  return files.status(path).kind == FileKind::regular;
}

fs::path nearest_folder(const Step& step, const FileReader& files, std::string_view marker) {
  fs::path folder = normal(fs::path(step.task->working_directory) / "").parent_path();
  if (folder.is_absolute() || (!folder.empty() && *folder.begin() == "..")) {
    return {};
  }
  while (!folder.empty() && !is_file(files, step.task->project_directory / folder / marker)) {
    folder = folder.parent_path();
  }
  return folder;
}

std::shared_ptr<const SourceText> nothing() {
  return std::make_shared<const SourceText>();
}

}  // namespace

ProjectFolder::ProjectFolder(const Step& step, const FileReader& files, std::string_view marker)
    : step_(&step),
      files_(&files),
      folder_(nearest_folder(step, files, marker)) {}

bool ProjectFolder::has(const fs::path& name) const {
  return is_file(*files_, absolute(name));
}

void ProjectFolder::require(const std::vector<RequiredFile>& wanted) const {
  std::vector<Diagnostic> mistakes;
  for (const RequiredFile& file : wanted) {
    const FileKind kind = files_->status(absolute(file.name)).kind;
    if (kind == FileKind::missing) {
      const std::string place = folder_.empty() ? "in the project" : fmt::format("in `{}`", folder_.string());
      mistakes.push_back(about_executor(
          *step_,
          fmt::format("`!{}` needs the file `{}`, and there is none {}", tag_of(executor_of(*step_)), file.name, place),
          file.hint));
    } else if (kind != FileKind::regular) {
      mistakes.push_back(
          about_executor(*step_,
                         fmt::format("`!{}` needs `{}`, which is no file", tag_of(executor_of(*step_)), file.name),
                         file.hint));
    }
  }
  if (!mistakes.empty()) {
    throw Error(ExitCode::bad_project, std::move(mistakes));
  }
}

std::shared_ptr<const SourceText> ProjectFolder::read(const fs::path& name) const {
  std::optional<std::string> text = files_->read(absolute(name));
  if (!text) {
    return nullptr;
  }
  // Shown like ame.yml itself, which stands in the project's directory.
  const auto& ame_file = step_->task->where.source;
  const fs::path shown = (ame_file ? fs::path(ame_file->file).parent_path() : fs::path()) / input(name);
  return std::make_shared<const SourceText>(SourceText{.file = shown.string(), .text = *std::move(text)});
}

Document ProjectFolder::read_toml(const fs::path& name) const {
  auto source = read(name);
  return parse_toml(source ? std::move(source) : nothing());
}

Document ProjectFolder::read_yaml(const fs::path& name) const {
  auto source = read(name);
  return parse_yaml(source ? std::move(source) : nothing());
}

fs::path ProjectFolder::absolute(const fs::path& name) const {
  return step_->task->project_directory / folder_ / name;
}

fs::path ProjectFolder::input(const fs::path& name) const {
  return name.is_absolute() ? name.lexically_normal() : normal(folder_ / name);
}

std::string ProjectFolder::placed(const fs::path& name) const {
  const fs::path relative = name.empty() ? folder_ : normal(folder_ / name);
  return relative.empty() ? placeholder::project : (fs::path(placeholder::project) / relative).string();
}

std::string ProjectFolder::from_working_directory() const {
  const fs::path working_directory = normal(fs::path(step_->task->working_directory) / "").parent_path();
  const fs::path way = (fs::path("/") / folder_).lexically_relative(fs::path("/") / working_directory);
  return way.empty() ? "." : way.string();
}

std::vector<fs::path> ProjectFolder::inputs(const std::vector<fs::path>& names) const {
  std::vector<fs::path> there;
  for (const fs::path& name : names) {
    if (has(name)) {
      there.push_back(input(name));
    }
  }
  return there;
}

const Node* look_up(const Node& node, const std::vector<std::string_view>& keys) {
  const Node* at = &node;
  for (const std::string_view key : keys) {
    at = at == nullptr || at->kind != NodeKind::mapping ? nullptr : at->find(key);
  }
  return at;
}

std::string text_at(const Node& node, const std::vector<std::string_view>& keys) {
  const Node* const found = look_up(node, keys);
  return found == nullptr || found->kind != NodeKind::scalar ? std::string() : std::string(found->scalar);
}

Diagnostic about_executor(const Step& step, std::string message, std::string hint) {
  const Place& where = executor_of(step).where;
  Diagnostic diagnostic{.message = std::move(message), .hint = std::move(hint)};
  if (where.source) {
    diagnostic.where = span_of(where);
  } else {
    diagnostic.message = fmt::format("task `{}`: {}", step.task->name.text(), diagnostic.message);
  }
  return diagnostic;
}

const CommandText& command_of(const Executor& executor) {
  if (!executor.command) {
    throw Error(ExitCode::bug,
                Diagnostic{.message = fmt::format("`!{}` got past the loader without a command", tag_of(executor))});
  }
  return *executor.command;
}

const Executor& executor_of(const Step& step) {
  return std::get<Executor>(step.task->work);
}

}  // namespace ame::executors
