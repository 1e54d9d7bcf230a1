// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/commands/import_credentials.hpp"
#include "cli/commands/import_projects.hpp"
#include "cli/commands/open_project.hpp"
#include "cli/render/import_text.hpp"
#include "core/git_address.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

using schema::GitImport;
using schema::PinnedImport;

struct ImportUpdateOptions {
  std::vector<std::string> wanted;
};

struct ImportListOptions {
  bool json = false;
};

/// The imports to ask about: all, or those that the words name by project or by address.
std::vector<GitImport> chosen(const std::vector<GitImport>& imports, const std::vector<std::string>& wanted) {
  if (wanted.empty()) {
    return imports;
  }
  std::vector<GitImport> found;
  for (const std::string& word : wanted) {
    const std::size_t before = found.size();
    std::ranges::copy_if(imports, std::back_inserter(found), [&](const GitImport& import) {
      return import.project == word || import.url == word;
    });
    if (found.size() == before) {
      std::vector<std::string> names;
      for (const GitImport& import : imports) {
        names.push_back(import.project.empty() ? shown_git_address(import.url) : import.project);
      }
      const std::string hint = did_you_mean(word, names);
      throw Error(ExitCode::usage,
                  Diagnostic{.message = fmt::format("nothing called `{}` is imported from git", word),
                             .hint = hint.empty() ? "`ame import list` shows what is" : hint});
    }
  }
  return found;
}

/// What each ref means now. Throws Error(bad_project) with all that could not be asked.
std::vector<PinnedImport> resolved(const std::vector<GitImport>& imports, Session& session) {
  std::vector<PinnedImport> pins;
  std::vector<Diagnostic> problems;
  for (const GitImport& import : imports) {
    if (schema::pinned_commit(pins, import.url, import.ref)) {
      continue;
    }
    try {
      const GitCredentials credentials = credentials_of(import, session);
      std::string commit = session.ports.project_fetcher().resolve(import.url, import.ref, credentials);
      pins.push_back({.url = import.url, .ref = import.ref, .commit = std::move(commit)});
    } catch (const Error& error) {
      for (Diagnostic problem : error.diagnostics()) {
        problem.where = problem.where ? problem.where : std::optional(span_of(import.where));
        problems.push_back(std::move(problem));
      }
    }
  }
  if (!problems.empty()) {
    throw Error(ExitCode::bad_project, std::move(problems));
  }
  return pins;
}

/// A pin for each import that has one, new or old, in the order of the file; what is imported no more is dropped.
std::vector<PinnedImport> lock_of(const ImportState& state, const std::vector<PinnedImport>& fresh) {
  std::vector<PinnedImport> lock;
  for (const GitImport& import : state.imports) {
    auto commit = schema::pinned_commit(fresh, import.url, import.ref);
    commit = commit ? commit : schema::pinned_commit(state.lock, import.url, import.ref);
    if (commit && !schema::pinned_commit(lock, import.url, import.ref)) {
      lock.push_back({.url = import.url, .ref = import.ref, .commit = *commit});
    }
  }
  return lock;
}

std::string change_text(const PinnedImport& pin, const std::optional<std::string>& before) {
  constexpr std::size_t enough_digits = 12;
  const std::string change = !before                 ? "new"
                             : *before == pin.commit ? "unchanged"
                                                     : "was " + before->substr(0, enough_digits);
  return fmt::format("{}{}: {} ({})\n",
                     shown_git_address(pin.url),
                     pin.ref.empty() ? "" : " " + pin.ref,
                     pin.commit.substr(0, enough_digits),
                     change);
}

/// Everything is looked up and fetched before a byte of the lock file changes.
ExitCode import_update(const ImportUpdateOptions& options, Session& session) {
  const ImportState state = import_state(session);
  const std::vector<PinnedImport> fresh = resolved(chosen(state.imports, options.wanted), session);
  const std::vector<PinnedImport> lock = lock_of(state, fresh);
  std::vector<GitImport> pinned;
  std::ranges::copy_if(state.imports, std::back_inserter(pinned), [&](const GitImport& import) {
    return schema::pinned_commit(lock, import.url, import.ref).has_value();
  });
  fetch_imports(pinned, lock, session);
  for (const PinnedImport& pin : fresh) {
    session.terminal.answer(change_text(pin, schema::pinned_commit(state.lock, pin.url, pin.ref)));
  }
  if (lock != state.lock) {
    session.ports.files().write_atomically(state.lock_file, schema::lock_text(lock));
  }
  session.terminal.remark(fmt::format("{} {} {} of {}\n",
                                      shown_path(session, state.lock_file),
                                      lock == state.lock ? "already has" : "now has",
                                      counted(lock.size(), "import"),
                                      shown_path(session, state.file)));
  return ExitCode::success;
}

ExitCode import_fetch(Session& session) {
  const ImportState state = import_state(session);
  fetch_imports(state.imports, state.lock, session);
  session.terminal.remark(fmt::format("{} from git, on this machine\n", counted(state.imports.size(), "import")));
  return ExitCode::success;
}

ExitCode import_list(const ImportListOptions& options, Session& session) {
  const ImportState state = import_state(session);
  std::vector<ShownImport> shown;
  for (const GitImport& import : state.imports) {
    const std::string commit = schema::pinned_commit(state.lock, import.url, import.ref).value_or("");
    shown.push_back({.project = import.project,
                     .address = shown_git_address(import.url),
                     .ref = import.ref,
                     .commit = commit,
                     .here = !commit.empty() && session.ports.project_fetcher().find(import.url, commit).has_value()});
  }
  session.terminal.answer(options.json ? imports_json(shown) : import_table(shown, session.terminal.answer_paint()));
  if (shown.empty() && !options.json) {
    session.terminal.remark("nothing is imported from git\n");
  }
  return ExitCode::success;
}

}  // namespace

CommandSpec import_update_command() {
  const auto options = std::make_shared<ImportUpdateOptions>();
  return {.name = "update",
          .summary = "Look up what the refs of git imports mean now, and pin that in ame.lock",
          .details =
              "All repositories are asked and fetched first; where one of them fails, ame.lock stays as it is. "
              "A private repository is opened with the `user` and the `secret` of its import.",
          .arguments = {{"IMPORT", &options->wanted, "Only these, by project or address (default: all)"}},
          .examples = {{"ame import update", "pin every import anew"},
                       {"ame import update features", "only the project `features`"}},
          .action = [options](Session& session) { return import_update(*options, session); }};
}

CommandSpec import_fetch_command() {
  return {
      .name = "fetch",
      .summary = "Get the commits that ame.lock names",
      .details = "What a fresh clone of the project needs before it can be validated or run. ame.lock stays as it is.",
      .examples = {{"ame import fetch", "for CI, and after `git pull`"}},
      .action = import_fetch};
}

CommandSpec import_list_command() {
  const auto options = std::make_shared<ImportListOptions>();
  return {.name = "list",
          .summary = "Show what is imported from git",
          .options = {{"--json", &options->json, "", "Print JSON", {}}},
          .examples = {{"ame import list", "each repository with its ref, its commit and whether it is here"}},
          .action = [options](Session& session) { return import_list(*options, session); },
          .aliases = {"ls"}};
}

}  // namespace ame::cli
