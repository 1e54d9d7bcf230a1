// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/ports/file_system.hpp"
#include "schema/draft.hpp"
#include "schema/load.hpp"
#include "schema/lock_file.hpp"
#include "schema/workspace.hpp"

namespace ame::schema {

/// The projects of one load: that of the file asked for, and those that it leads to, found by their names: in the same
/// file, through `imports`, in the workspace, in the directories of AME_PROJECT_PATH, beside the project. The first
/// place that has one of the name wins; two in one place are a mistake.
class Projects {
 public:
  Projects(const FileReader& files, const LoadOptions& options, Sources& sources, Decoding& decoding);

  /// Reads the file and gives its first project. Throws Error(bad_project) where it is not there or is not YAML.
  OpenProject& open_main(const std::filesystem::path& path);

  /// Reports imports that lead nowhere, also those that nothing uses.
  void check_imports(OpenProject& home) { static_cast<void>(imports_of(home)); }

  /// The project that the reference names, or in which it is written; null, and reported, where it is not found.
  OpenProject* find(const WrittenReference& reference);

  /// What the reference leads to; null, and reported, where there is none.
  Draft* find_task(const WrittenReference& reference);
  Draft* find_template(const WrittenReference& reference);
  DataSetDraft* find_data_set(const WrittenReference& reference);

  /// The project that a part was written in, which is not that of the task when it came from a template.
  OpenProject& home_of(const Node& node) { return *homes_[node.file]; }

 private:
  /// A file that may hold the project that is looked for. Its projects are opened when one of them is wanted.
  struct Candidate {
    std::filesystem::path path;
    std::shared_ptr<const SourceText> source;
    std::vector<Document> documents;
    std::vector<std::string> names;
    std::vector<OpenProject*> opened;
    std::string unreadable;  ///< why, where it cannot be read
  };

  /// One of the places where projects are looked for.
  struct SearchPlace {
    std::string description;
    std::vector<Candidate*> candidates;
    std::vector<std::string_view> missing;  ///< projects that should be here and are not, which was reported
  };

  /// A document of a file.
  struct Found {
    Candidate* candidate = nullptr;
    std::size_t document = 0;
  };

  struct SearchResult {
    OpenProject* project = nullptr;
    Problem problem;        ///< where there is none, without its place
    bool reported = false;  ///< it was said already why there is none
  };

  /// An ame-workspace.yml.
  struct Workspace {
    std::optional<Document> document;  ///< what the entries point into
    std::vector<WorkspaceEntry> entries;
  };

  void report_same_name(const OpenProject& first, const OpenProject& second);
  SearchResult search(OpenProject& home, std::string_view name);
  static std::vector<Found> matches_in(const SearchPlace& place, std::string_view name);
  [[nodiscard]] std::vector<std::string> names_in(const SearchPlace& place) const;
  SearchPlace same_file(OpenProject& home);
  SearchPlace imports_of(OpenProject& home);
  SearchPlace workspace_of(OpenProject& home);
  SearchPlace project_path(OpenProject& home);
  SearchPlace beside(OpenProject& home);
  static void add(Candidate& candidate, SearchPlace& place);
  const std::vector<WorkspaceEntry>& entries_of(const std::filesystem::path& file);
  std::uint16_t take_number(const Document& document);
  Candidate* import_of(OpenProject& home, const Import& import);
  std::optional<std::filesystem::path> directory_of(OpenProject& home, const Import& import);
  std::optional<std::filesystem::path> fetched(OpenProject& home, const Import& import);
  Candidate* candidate_in(const std::filesystem::path& directory);
  Candidate& candidate_at(const std::filesystem::path& path);
  void read(Candidate& candidate);
  void add_children(const std::filesystem::path& directory, const OpenProject* home, SearchPlace& place);
  OpenProject* open(Candidate& candidate, std::size_t document);
  [[nodiscard]] std::string shown(const std::filesystem::path& path) const;
  void report_missing(std::string_view noun,
                      const WrittenReference& reference,
                      const OpenProject& owner,
                      const WrittenList& list);

  const FileReader& files_;
  const LoadOptions& options_;
  Sources& sources_;
  Decoding& decoding_;
  std::deque<OpenProject> open_;
  std::vector<OpenProject*> homes_;  ///< by the number of their file; null for what is no project
  std::map<std::filesystem::path, std::unique_ptr<Candidate>> candidates_;
  std::map<std::pair<const OpenProject*, std::string>, SearchResult> searched_;
  std::map<std::filesystem::path, std::vector<PinnedImport>> locks_;  ///< by their directory
  std::map<std::filesystem::path, Workspace> workspaces_;             ///< by their file
  std::size_t names_compared_ = 0;
};

}  // namespace ame::schema
