// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "core/formats/parse.hpp"
#include "core/text.hpp"
#include "schema/projects.hpp"

namespace ame::schema {

Projects::SearchResult Projects::search(OpenProject& home, std::string_view name) {
  std::string looked;
  std::vector<std::string> known;
  for (const auto look : {&Projects::same_file,
                          &Projects::imports_of,
                          &Projects::workspace_of,
                          &Projects::project_path,
                          &Projects::beside}) {
    const SearchPlace place = (this->*look)(home);
    const std::vector<Found> matches = matches_in(place, name);
    if (matches.size() > 1) {
      Problem problem{.message = fmt::format("there are two projects `{}`", name),
                      .hint = fmt::format("`{}` and `{}`; name the one you mean in `imports`",
                                          shown(matches[0].candidate->path),
                                          shown(matches[1].candidate->path))};
      return {.problem = std::move(problem)};
    }
    if (matches.size() == 1) {
      return {.project = open(*matches.front().candidate, matches.front().document)};
    }
    if (std::ranges::find(place.missing, name) != place.missing.end()) {
      return {.reported = true};
    }
    const std::vector<std::string> here = names_in(place);
    looked +=
        fmt::format("\n  {}: {}", place.description, here.empty() ? "none" : fmt::to_string(fmt::join(here, ", ")));
    known.insert(known.end(), here.begin(), here.end());
  }
  std::string hint = did_you_mean(name, known);
  hint += fmt::format("{}looked in{}", hint.empty() ? "" : "\n", looked);
  return {.problem = {.message = fmt::format("there is no project `{}`", name), .hint = std::move(hint)}};
}

std::vector<Projects::Found> Projects::matches_in(const SearchPlace& place, std::string_view name) {
  std::vector<Found> matches;
  for (Candidate* candidate : place.candidates) {
    for (std::size_t number = 0; number < candidate->names.size(); ++number) {
      if (candidate->names[number] == name) {
        matches.push_back({candidate, number});
      }
    }
  }
  return matches;
}

std::vector<std::string> Projects::names_in(const SearchPlace& place) const {
  std::vector<std::string> names;
  for (const Candidate* candidate : place.candidates) {
    names.insert(names.end(), candidate->names.begin(), candidate->names.end());
    if (!candidate->unreadable.empty()) {
      names.push_back(fmt::format("{}, which cannot be read", shown(candidate->path)));
    }
  }
  return names;
}

Projects::SearchPlace Projects::same_file(OpenProject& home) {
  return {.description = "the same file", .candidates = {&candidate_at(home.file.path)}, .missing = {}};
}

Projects::SearchPlace Projects::imports_of(OpenProject& home) {
  SearchPlace place{.description = "`imports`", .candidates = {}, .missing = {}};
  for (const Import& import : home.file.imports) {
    Candidate* candidate = import_of(home, import);
    if (candidate == nullptr) {
      place.missing.push_back(import.project);
    } else {
      add(*candidate, place);
    }
  }
  return place;
}

Projects::Candidate* Projects::import_of(OpenProject& home, const Import& import) {
  const auto path = directory_of(home, import);
  if (!path) {
    return nullptr;
  }
  Candidate* candidate = candidate_in(*path);
  if (candidate == nullptr) {
    decoding_.problems.error(
        {.where = *import.node,
         .message = fmt::format("there is no `ame.yml` in `{}`", import.git.empty() ? shown(*path) : import.git),
         .hint = import.git.empty() ? "an import is a directory, seen from this file" : ""});
    return nullptr;
  }
  if (!candidate->unreadable.empty()) {
    decoding_.problems.error(
        {.where = *import.node,
         .message = fmt::format("`{}` cannot be read: {}", shown(candidate->path), candidate->unreadable),
         .hint = fmt::format("`ame validate -f {}` says more", shown(candidate->path))});
  }
  const bool named = import.project.empty() || candidate->names.empty() ||
                     std::ranges::find(candidate->names, import.project) != candidate->names.end();
  if (!named) {
    decoding_.problems.error(
        {.where = *import.node,
         .message = fmt::format("the project in `{}` is called `{}`", shown(*path), candidate->names.front()),
         .expected = fmt::format("expected `{}`", import.project)});
  }
  return candidate;
}

std::optional<std::filesystem::path> Projects::directory_of(OpenProject& home, const Import& import) {
  if (!import.git.empty()) {
    return import.path.empty() ? fetched(home, import) : std::nullopt;
  }
  if (import.path.empty()) {
    return std::nullopt;
  }
  return (home.file.directory / import.path).lexically_normal();
}

/// Where the pinned commit of a repository is. The network is never asked here.
std::optional<std::filesystem::path> Projects::fetched(OpenProject& home, const Import& import) {
  auto lock = locks_.find(home.file.directory);
  if (lock == locks_.end()) {
    lock = locks_.emplace(home.file.directory, read_lock(files_, home.file.directory)).first;
  }
  const auto commit = pinned_commit(lock->second, import.git, import.ref);
  if (!commit) {
    decoding_.problems.error({.where = *import.node,
                              .message = fmt::format("`{}` is not in `ame.lock`", import.git),
                              .hint = "`ame import update` looks up its commit and writes it down"});
    return std::nullopt;
  }
  auto directory =
      options_.fetched == nullptr ? std::nullopt : options_.fetched->find(std::string(import.git), *commit);
  if (!directory) {
    decoding_.problems.error(
        {.where = *import.node,
         .message = fmt::format("commit {} of `{}` is not on this machine", commit->substr(0, 12), import.git),
         .hint = "`ame import fetch` gets it"});
  }
  return directory;
}

Projects::SearchPlace Projects::workspace_of(OpenProject& home) {
  const std::filesystem::path file = find_workspace_file(files_, home.file.directory);
  SearchPlace place{.description = file.empty() ? workspace_file_name : shown(file), .candidates = {}, .missing = {}};
  if (file.empty()) {
    return place;
  }
  for (const WorkspaceEntry& entry : entries_of(file)) {
    if (entry.all_below) {
      add_children(entry.directory, nullptr, place);
    } else if (Candidate* candidate = candidate_in(entry.directory)) {
      add(*candidate, place);
    }
  }
  return place;
}

/// Read once, and wrong entries are told once, whoever looks.
const std::vector<WorkspaceEntry>& Projects::entries_of(const std::filesystem::path& file) {
  const auto [found, is_new] = workspaces_.try_emplace(file);
  Workspace& workspace = found->second;
  if (!is_new) {
    return workspace.entries;
  }
  const auto source =
      std::make_shared<const SourceText>(SourceText{shown(file), files_.read(file).value_or(std::string())});
  const Document& document = workspace.document.emplace(parse_yaml(source));
  take_number(document);
  workspace.entries = decode_workspace(document.root(), file.parent_path(), decoding_);
  for (const WorkspaceEntry& entry : workspace.entries) {
    const bool is_there = entry.all_below ? files_.status(entry.directory).kind == FileKind::directory
                                          : candidate_in(entry.directory) != nullptr;
    if (!is_there) {
      decoding_.problems.error({.where = *entry.node,
                                .message = entry.all_below
                                               ? fmt::format("there is no directory `{}`", shown(entry.directory))
                                               : fmt::format("there is no `ame.yml` in `{}`", shown(entry.directory)),
                                .hint = "a project is a directory, seen from this file"});
    }
  }
  return workspace.entries;
}

Projects::SearchPlace Projects::project_path(OpenProject& /*home*/) {
  SearchPlace place{.description = "AME_PROJECT_PATH", .candidates = {}, .missing = {}};
  for (const std::filesystem::path& directory : options_.project_path) {
    if (Candidate* candidate = candidate_in(directory)) {
      add(*candidate, place);
    }
    add_children(directory, nullptr, place);
  }
  return place;
}

Projects::SearchPlace Projects::beside(OpenProject& home) {
  const std::filesystem::path parent = home.file.directory.parent_path();
  SearchPlace place{
      .description = fmt::format("beside this project in {}", parent.string()), .candidates = {}, .missing = {}};
  add_children(parent, &home, place);
  return place;
}

void Projects::add_children(const std::filesystem::path& directory, const OpenProject* home, SearchPlace& place) {
  for (const std::string& name : files_.list(directory)) {
    const std::filesystem::path child = directory / name;
    if (name.starts_with('.') || (home != nullptr && child == home->file.directory)) {
      continue;
    }
    if (Candidate* candidate = candidate_in(child)) {
      add(*candidate, place);
    }
  }
}

void Projects::add(Candidate& candidate, SearchPlace& place) {
  if (std::ranges::find(place.candidates, &candidate) == place.candidates.end()) {
    place.candidates.push_back(&candidate);
  }
}

/// The project file of a directory, `ame.yml` before `ame.yaml`; null where there is none.
Projects::Candidate* Projects::candidate_in(const std::filesystem::path& directory) {
  for (const char* name : {"ame.yml", "ame.yaml"}) {
    const std::filesystem::path path = directory / name;
    if (files_.status(path).kind != FileKind::regular) {
      continue;
    }
    try {
      return &candidate_at(path);
    } catch (const Error& error) {
      // Somebody else's broken file must not stop this project; it is named where it might have been the one.
      Candidate& broken = *candidates_[path.lexically_normal()];
      broken.unreadable = error.what();
      return &broken;
    }
  }
  return nullptr;
}

}  // namespace ame::schema
