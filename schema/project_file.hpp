// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/formats/document.hpp"
#include "core/model/resources.hpp"
#include "core/names.hpp"
#include "schema/values.hpp"

namespace ame::schema {

/// Something with a name, as it is written.
struct Written {
  std::string_view name;
  const Node* node = nullptr;
};

/// A list of named things, as it is written. Names are unique; what has no name or a second one was reported.
struct WrittenList {
  std::vector<Written> all;
  std::unordered_map<std::string_view, std::size_t> index;

  /// Null where there is none of that name.
  [[nodiscard]] const Written* find(std::string_view name) const;

  [[nodiscard]] std::vector<std::string> names() const;
};

/// Another project, as `imports` says where it is.
struct Import {
  std::string_view project;  ///< empty: not said
  std::string_view path;
  std::string_view git;
  std::string_view ref;
  std::string_view user;
  std::string_view secret;
  const Node* node = nullptr;
};

/// What one document of an ame.yml says, each part with its place, with no name looked up yet.
struct ProjectFile {
  Document document;
  std::filesystem::path path;       ///< absolute
  std::filesystem::path directory;  ///< absolute
  ProjectName name;
  const Node* name_node = nullptr;  ///< null: the directory's name
  WrittenList tasks;
  WrittenList templates;
  WrittenList data_sets;
  WrittenList models;
  std::vector<Import> imports;
  const Node* vaults = nullptr;
  std::vector<EnvironmentVariable> tools;  ///< manager and version
  Resources default_resources;
  std::string default_image;
};

/// Reads the top level. Every node of the document must carry the number of its file already.
ProjectFile read_project_file(Document document, const std::filesystem::path& path, Decoding& decoding);

/// A directory's name with everything that no project name may have replaced by `-`.
std::string project_name_of(const std::filesystem::path& directory);

}  // namespace ame::schema
