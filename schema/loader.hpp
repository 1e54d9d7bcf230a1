// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "core/formats/arena.hpp"
#include "schema/load.hpp"
#include "schema/projects.hpp"
#include "schema/task_builder.hpp"

namespace ame::schema {

/// All that is alive while a file is loaded. Loads one file, once; what was written stays to be asked about.
class Loader {
 public:
  Loader(const FileReader& files, const LoadOptions& options);

  /// As load_project().
  LoadedProject load(const std::filesystem::path& path);

  /// The project of the file asked for. Requires that it was loaded.
  [[nodiscard]] OpenProject& main() const { return *main_; }

  /// The project that a part was written in.
  OpenProject& home_of(const Node& node) { return projects_.home_of(node); }

  [[nodiscard]] const Sources& sources() const { return sources_; }

 private:
  void check_templates(OpenProject& main);

  Sources sources_;
  Problems problems_;
  Decoding decoding_;
  Arena arena_;
  Projects projects_;
  TaskFields fields_;
  TaskBuilder builder_;
  OpenProject* main_ = nullptr;
};

}  // namespace ame::schema
