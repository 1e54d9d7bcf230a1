// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/ports/file_system.hpp"
#include "schema/draft.hpp"
#include "schema/load.hpp"

namespace ame::schema {

/// The projects of one load: that of the file asked for, and those that it leads to, found by their names.
class Projects {
 public:
  Projects(const FileReader& files, const LoadOptions& options, Sources& sources, Decoding& decoding);

  /// Reads the file and gives its first project. Throws Error(bad_project) where it is not there or is not YAML.
  OpenProject& open_main(const std::filesystem::path& path);

  /// The project that the reference names, or in which it is written; null, and reported, where it is not found.
  OpenProject* find(const WrittenReference& reference);

  /// What the reference leads to; null, and reported, where there is none.
  Draft* find_task(const WrittenReference& reference);
  Draft* find_template(const WrittenReference& reference);
  DataSetDraft* find_data_set(const WrittenReference& reference);

  /// The project that a part was written in, which is not that of the task when it came from a template.
  OpenProject& home_of(const Node& node) { return *homes_[node.file]; }

 private:
  std::vector<OpenProject*> read(const std::filesystem::path& path);
  void report_missing(std::string_view noun,
                      const WrittenReference& reference,
                      const OpenProject& owner,
                      const WrittenList& list);

  const FileReader& files_;
  const LoadOptions& options_;
  Sources& sources_;
  Decoding& decoding_;
  std::deque<OpenProject> open_;
  std::vector<OpenProject*> homes_;  ///< by the number of their file
  std::size_t names_compared_ = 0;
};

}  // namespace ame::schema
