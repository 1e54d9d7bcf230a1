// SPDX-License-Identifier: Apache-2.0
#include "schema/projects.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "core/formats/parse.hpp"
#include "core/text.hpp"

namespace ame::schema {

namespace {

/// A suggestion looks at every name: after so many it is left out, so that a file full of mistakes is still answered.
constexpr std::size_t most_names_compared = 2'000'000;

constexpr std::size_t most_documents = 60'000;

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

/// The name that a document gives its project, without judging the rest of it.
std::string name_of(const Document& document, const std::filesystem::path& path) {
  for (const Entry& entry : document.root().entries) {
    const KeyRow* row = find_key(Section::project, entry.key.scalar).row;
    if (row != nullptr && row->key == Key::project && entry.value.kind == NodeKind::scalar) {
      return std::string(entry.value.scalar);
    }
  }
  return project_name_of(path.parent_path());
}

}  // namespace

Projects::Projects(const FileReader& files, const LoadOptions& options, Sources& sources, Decoding& decoding)
    : files_(files),
      options_(options),
      sources_(sources),
      decoding_(decoding) {}

OpenProject& Projects::open_main(const std::filesystem::path& path) {
  Candidate& main = candidate_at(path);
  if (main.source == nullptr) {
    throw Error(ExitCode::bad_project,
                {.message = fmt::format("there is no file `{}`", shown(path)),
                 .where = {},
                 .hint = "`ame init` writes one to start from"});
  }
  std::unordered_map<std::string_view, const OpenProject*> named;
  for (std::size_t number = 0; number < main.documents.size(); ++number) {
    const OpenProject& project = *open(main, number);
    const auto [first, is_new] = named.try_emplace(project.file.name.text(), &project);
    if (!is_new) {
      report_same_name(*first->second, project);
    }
  }
  return *open(main, 0);
}

/// The projects of one file are told apart by their names.
void Projects::report_same_name(const OpenProject& first, const OpenProject& second) {
  const auto place = [](const OpenProject& one) -> const Node& {
    return one.file.name_node == nullptr ? one.file.document.root() : *one.file.name_node;
  };
  decoding_.problems.error({.where = place(second),
                            .message = fmt::format("there are two projects `{}` in this file", second.file.name.text()),
                            .hint = second.file.name_node == nullptr ? "give this one a name with `project:`" : "",
                            .related = {{"the first one", place(first)}}});
}

Projects::Candidate& Projects::candidate_at(const std::filesystem::path& path) {
  auto& candidate = candidates_[path.lexically_normal()];
  if (candidate == nullptr) {
    candidate = std::make_unique<Candidate>();
    candidate->path = path.lexically_normal();
    read(*candidate);
  }
  return *candidate;
}

void Projects::read(Candidate& candidate) {
  std::optional<std::string> text = files_.read(candidate.path);
  if (!text) {
    return;
  }
  candidate.source = std::make_shared<const SourceText>(SourceText{shown(candidate.path), std::move(*text)});
  candidate.documents = parse_yaml_documents(candidate.source);
  for (const Document& document : candidate.documents) {
    candidate.names.push_back(name_of(document, candidate.path));
  }
  candidate.opened.resize(candidate.documents.size());
}

OpenProject* Projects::open(Candidate& candidate, std::size_t document) {
  OpenProject*& opened = candidate.opened[document];
  if (opened == nullptr) {
    if (homes_.size() == most_documents) {
      throw Error(ExitCode::bad_project,
                  {.message = fmt::format("more than {} projects lead to each other", most_documents)});
    }
    const std::uint16_t number = take_number(candidate.documents[document]);
    opened =
        &open_.emplace_back(read_project_file(std::move(candidate.documents[document]), candidate.path, decoding_));
    homes_[number] = opened;
  }
  return opened;
}

/// Its nodes carry the number from here on.
std::uint16_t Projects::take_number(const Document& document) {
  const std::uint16_t number = sources_.add(document.source());
  if (number != 0) {
    mark(document.root(), number);
  }
  homes_.push_back(nullptr);
  return number;
}

std::string Projects::shown(const std::filesystem::path& path) const {
  const std::filesystem::path relative = path.lexically_proximate(options_.shown_from);
  return relative.native().size() < path.native().size() ? relative.string() : path.string();
}

OpenProject* Projects::find(const WrittenReference& reference) {
  OpenProject& home = home_of(*reference.node);
  if (reference.project.empty() || reference.project == home.file.name.text()) {
    return &home;
  }
  const auto [found, fresh] = searched_.try_emplace({&home, std::string(reference.project)});
  if (fresh) {
    SearchResult result = search(home, reference.project);
    found->second = std::move(result);
  }
  if (found->second.project == nullptr && !found->second.reported) {
    Problem problem = found->second.problem;
    problem.where = *reference.node;
    decoding_.problems.error(std::move(problem));
  }
  return found->second.project;
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
