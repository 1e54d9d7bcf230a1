// SPDX-License-Identifier: Apache-2.0
// Any bytes at all, loaded as ame.yml and, behind a byte 1, as ame-workspace.yml: a project and the graph of all its
// tasks, or an error that can be shown.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/graph/task_graph.hpp"
#include "schema/load.hpp"
#include "tests/fuzz/tree_check.hpp"
#include "tests/support/memory_file_system.hpp"

namespace {

using namespace ame;

constexpr const char* file = "/project/ame.yml";
constexpr const char* other_project = R"(project: shared
templates:
  - name: resources
    resources:
      memory: 10G
tasks:
  - name: train
    executor:
      !poetry
      pythonVersion: 3.11
      command: python train.py
)";

void make_graph(const Project& project) {
  std::vector<TaskName> targets;
  for (const auto& task : project.tasks) {
    targets.push_back(task->name);
  }
  make_task_graph(project, targets);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  MemoryFileSystem files;
  const std::string text(data, data + size);
  const std::size_t end = text.find('\1');
  files.add(file, text.substr(0, end));
  if (end != std::string::npos) {
    files.add("/ame-workspace.yml", text.substr(end + 1));
  }
  files.add("/shared/ame.yml", other_project);
  files.add("/elsewhere/one/ame.yml", "project: one\ntemplates: [{name: t, executor: !custom {command: make}}]\n");
  const schema::LoadOptions options{
      .shown_from = "/project", .project_path = {"/shared"}, .strict = size % 2 == 1, .allow_reserved = size % 3 == 1};
  try {
    make_graph(schema::load_project(files, file, options).project);
  } catch (const Error& error) {
    fuzz::check_speaks(error);
  }
  return 0;
}
