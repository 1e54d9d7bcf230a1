// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/import_projects.hpp"

#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "cli/commands/import_credentials.hpp"
#include "cli/commands/open_project.hpp"
#include "core/git_address.hpp"
#include "schema/locate.hpp"

namespace ame::cli {

namespace {

class ImportFetcher {
 public:
  explicit ImportFetcher(Session& session)
      : session_(session) {}

  void fetch(const schema::GitImport& import, const std::string& commit) {
    try {
      const GitCredentials credentials = credentials_of(import, session_);
      open_.push_back(session_.ports.project_fetcher().fetch(import.url, commit, credentials));
    } catch (const Error& error) {
      add_problems(error, import);
    }
  }

  /// What imported projects import, to any depth. Nobody's secrets go there: only this project's own file may say who
  /// is shown which of them.
  void follow() {
    while (!open_.empty()) {
      const std::filesystem::path directory = std::move(open_.back());
      open_.pop_back();
      if (seen_.insert(directory).second) {
        follow(directory);
      }
    }
  }

  void finish() {
    if (!problems_.empty()) {
      throw Error(ExitCode::bad_project, std::move(problems_));
    }
  }

  void add_problems(const Error& error, const schema::GitImport& import) {
    for (Diagnostic problem : error.diagnostics()) {
      if (!problem.where && import.where.source != nullptr) {
        problem.where = span_of(import.where);
      }
      problems_.push_back(std::move(problem));
    }
  }

 private:
  void follow(const std::filesystem::path& directory) {
    const FileReader& files = session_.ports.files();
    for (const char* name : {"ame.yml", "ame.yaml"}) {
      const std::filesystem::path file = directory / name;
      if (files.status(file).kind != FileKind::regular) {
        continue;
      }
      const std::vector<schema::PinnedImport> lock = schema::read_lock(files, directory);
      for (schema::GitImport& import : schema::git_imports(files, file)) {
        import.secret.clear();
        if (const auto commit = schema::pinned_commit(lock, import.url, import.ref)) {
          fetch(import, *commit);
        }
      }
      return;
    }
  }

  Session& session_;
  std::vector<std::filesystem::path> open_;
  std::set<std::filesystem::path> seen_;
  std::vector<Diagnostic> problems_;
};

}  // namespace

ImportState import_state(Session& session) {
  ImportState state{.file = project_file(session), .lock_file = {}, .imports = {}, .lock = {}};
  state.lock_file = state.file.parent_path() / "ame.lock";
  const FileReader& files = session.ports.files();
  state.imports = schema::git_imports(files, state.file, shown_path(session, state.file));
  state.lock = schema::read_lock(files, state.file.parent_path());
  return state;
}

void fetch_imports(const std::vector<schema::GitImport>& imports,
                   const std::vector<schema::PinnedImport>& lock,
                   Session& session) {
  ImportFetcher fetcher(session);
  for (const schema::GitImport& import : imports) {
    if (const auto commit = schema::pinned_commit(lock, import.url, import.ref)) {
      fetcher.fetch(import, *commit);
    } else {
      fetcher.add_problems(
          Error(ExitCode::bad_project,
                Diagnostic{.message = fmt::format("`{}` is not in `ame.lock`", shown_git_address(import.url)),
                           .hint = "`ame import update` looks up its commit and writes it down"}),
          import);
    }
  }
  fetcher.follow();
  fetcher.finish();
}

}  // namespace ame::cli
