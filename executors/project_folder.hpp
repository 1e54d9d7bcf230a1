// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/formats/document.hpp"
#include "core/graph/task_graph.hpp"
#include "core/ports/file_system.hpp"

namespace ame::executors {

/// A file an executor cannot do without, and how one comes by it.
struct RequiredFile {
  std::string name;
  std::string hint;
};

/// The folder of a step's project in which its manager works, and what lies there. Outlived by step and files.
class ProjectFolder {
 public:
  /// The nearest with a file `marker`, from the step's working directory up to the project's own; the project's own
  /// where there is none.
  ProjectFolder(const Step& step, const FileReader& files, std::string_view marker);

  [[nodiscard]] const Step& step() const { return *step_; }

  [[nodiscard]] const FileReader& files() const { return *files_; }

  [[nodiscard]] bool has(const std::filesystem::path& name) const;

  /// Throws Error(bad_project) naming all that are absent or no files.
  void require(const std::vector<RequiredFile>& wanted) const;

  /// Null where there is none.
  [[nodiscard]] std::shared_ptr<const SourceText> read(const std::filesystem::path& name) const;

  /// An empty document where there is none.
  [[nodiscard]] Document read_toml(const std::filesystem::path& name) const;
  [[nodiscard]] Document read_yaml(const std::filesystem::path& name) const;

  [[nodiscard]] std::filesystem::path absolute(const std::filesystem::path& name) const;

  /// Relative to the project, as EnvironmentPlan::inputs wants it.
  [[nodiscard]] std::filesystem::path input(const std::filesystem::path& name) const;

  /// As an install command writes it, with a placeholder; without a name the folder itself.
  [[nodiscard]] std::string placed(const std::filesystem::path& name = {}) const;

  /// From the working directory of the step to this folder: "." or "..".
  [[nodiscard]] std::string from_working_directory() const;

  /// The names that exist, as inputs.
  [[nodiscard]] std::vector<std::filesystem::path> inputs(const std::vector<std::filesystem::path>& names) const;

 private:
  const Step* step_;
  const FileReader* files_;
  std::filesystem::path folder_;  ///< relative to the project; empty: the project itself
};

/// Keys down into mappings; null where one of them leads nowhere.
const Node* look_up(const Node& node, const std::vector<std::string_view>& keys);

/// The text of a scalar; empty where there is none.
std::string text_at(const Node& node, const std::vector<std::string_view>& keys);

/// About the executor of a step, at its place in ame.yml.
Diagnostic about_executor(const Step& step, std::string message, std::string hint);

const Executor& executor_of(const Step& step);

/// Its command; the loader lets no executor but `!mlflow` go without one.
const CommandText& command_of(const Executor& executor);

}  // namespace ame::executors
