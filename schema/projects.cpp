// SPDX-License-Identifier: Apache-2.0
#include "schema/projects.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core/formats/parse.hpp"
#include "core/text.hpp"

namespace ame::schema {

namespace {

/// A suggestion looks at every name: after so many it is left out, so that a file full of mistakes is still answered.
constexpr std::size_t most_names_compared = 2'000'000;

/// The nodes of a document are ours alone; its number tells them apart from those of other files.
void mark(const Node& node, std::uint16_t file) {
  const_cast<Node&>(node).file = file;
  for (const Node& item : node.items) {
    mark(item, file);
  }
  for (const Entry& entry : node.entries) {
    mark(entry.key, file);
    mark(entry.value, file);
  }
}

std::string shown_path(const std::filesystem::path& path, const std::filesystem::path& from) {
  const std::filesystem::path relative = path.lexically_proximate(from);
  return relative.native().size() < path.native().size() ? relative.string() : path.string();
}

}  // namespace

Projects::Projects(const FileReader& files, const LoadOptions& options, Sources& sources, Decoding& decoding)
    : files_(files),
      options_(options),
      sources_(sources),
      decoding_(decoding) {}

OpenProject& Projects::open_main(const std::filesystem::path& path) {
  return *read(path).front();
}

std::vector<OpenProject*> Projects::read(const std::filesystem::path& path) {
  auto source = std::make_shared<SourceText>();
  source->file = shown_path(path, options_.shown_from);
  std::optional<std::string> text = files_.read(path);
  if (!text) {
    throw Error(ExitCode::bad_project,
                {.message = fmt::format("there is no file `{}`", source->file), .where = {}, .hint = {}});
  }
  source->text = std::move(*text);
  std::vector<OpenProject*> projects;
  for (Document& document : parse_yaml_documents(source)) {
    const std::uint16_t file = sources_.add(source);
    if (file != 0) {
      mark(document.root(), file);
    }
    projects.push_back(&open_.emplace_back(read_project_file(std::move(document), path, decoding_)));
    homes_.push_back(projects.back());
  }
  return projects;
}

OpenProject* Projects::find(const WrittenReference& reference) {
  OpenProject& home = home_of(*reference.node);
  if (reference.project.empty() || reference.project == home.file.name.text()) {
    return &home;
  }
  const auto found = std::ranges::find_if(
      open_, [&](const OpenProject& project) { return project.file.name.text() == reference.project; });
  if (found != open_.end()) {
    return &*found;
  }
  decoding_.problems.error(
      {.where = *reference.node, .message = fmt::format("there is no project `{}`", reference.project)});
  return nullptr;
}

Draft* Projects::find_task(const WrittenReference& reference) {
  OpenProject* owner = find(reference);
  Draft* found = owner == nullptr ? nullptr : owner->find_task(reference.name);
  if (owner != nullptr && found == nullptr) {
    report_missing("task", reference, *owner, owner->file.tasks);
  }
  return found;
}

Draft* Projects::find_template(const WrittenReference& reference) {
  OpenProject* owner = find(reference);
  Draft* found = owner == nullptr ? nullptr : owner->find_template(reference.name);
  if (owner != nullptr && found == nullptr) {
    report_missing("template", reference, *owner, owner->file.templates);
  }
  return found;
}

DataSetDraft* Projects::find_data_set(const WrittenReference& reference) {
  OpenProject* owner = find(reference);
  DataSetDraft* found = owner == nullptr ? nullptr : owner->find_data_set(reference.name);
  if (owner != nullptr && found == nullptr) {
    report_missing("data set", reference, *owner, owner->file.data_sets);
  }
  return found;
}

void Projects::report_missing(std::string_view noun,
                              const WrittenReference& reference,
                              const OpenProject& owner,
                              const WrittenList& list) {
  std::string message = fmt::format("there is no {} `{}`", noun, reference.name);
  if (&owner != &home_of(*reference.node)) {
    message += fmt::format(" in the project `{}`", owner.file.name.text());
  }
  std::string hint;
  if (names_compared_ < most_names_compared) {
    names_compared_ += list.all.size();
    hint = did_you_mean(reference.name, list.names());
  }
  decoding_.problems.error({.where = *reference.node, .message = std::move(message), .hint = std::move(hint)});
}

}  // namespace ame::schema
