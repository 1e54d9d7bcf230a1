// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <vector>

#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "core/graph/task_graph.hpp"
#include "core/system/disk_file_system.hpp"
#include "schema/load.hpp"

namespace ame {

TEST_CASE("every example loads, and each of its tasks has a graph") {
  const std::filesystem::path top = std::filesystem::path(AME_SOURCE_DIR) / "examples";
  const DiskFileSystem files;
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(top)) {
    if (entry.path().filename() != "ame.yml") {
      continue;
    }
    INFO(entry.path().string());
    const auto loaded = schema::load_project(files, entry.path(), {.shown_from = top});
    CHECK(loaded.warnings.empty());
    for (const auto& task : loaded.project.tasks) {
      CHECK_FALSE(make_task_graph(loaded.project, {task->name}).steps.empty());
    }
    ++count;
  }
  CHECK(count == 6);
}

}  // namespace ame
