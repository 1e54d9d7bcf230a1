// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/commands/find_artifacts.hpp"
#include "cli/commands/storage_world.hpp"
#include "core/data/tidy_store.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

struct ArtifactRemoveOptions {
  std::vector<std::string> runs;
};

/// `ame artifact rm`
ExitCode remove(const ArtifactRemoveOptions& options, Session& session) {
  Ports& ports = session.ports;
  std::vector<RunArtifacts> found;
  for (const std::string& wanted : options.runs) {
    found.push_back(artifacts_of(session, wanted));
  }
  ObjectStore& store = store_of(session);
  const std::filesystem::path lock_file = ports.data_layout().store_lock();
  ports.files().make_directories(lock_file.parent_path());
  const auto lock = ports.locks().lock(lock_file);
  for (const RunArtifacts& run : found) {
    std::vector<std::string> keys;
    for (const Manifest& manifest : run.manifests) {
      keys.push_back(manifest_key(manifest));
    }
    store.remove(keys);
    session.terminal.remark(fmt::format("what {} left behind is removed\n", run.name));
  }
  const std::vector<std::string> unused = unused_objects(store);
  store.remove(unused);
  session.terminal.explain(
      fmt::format("{} went with it that nothing else refers to\n", counted(unused.size(), "content")));
  return ExitCode::success;
}

}  // namespace

CommandSpec artifact_remove_command() {
  const auto options = std::make_shared<ArtifactRemoveOptions>();
  return {.name = "remove",
          .summary = "Remove what runs left behind",
          .details = "Contents that another run left behind as well stay for that run.",
          .arguments = {{"RUN", &options->runs, "Runs, as `142` or `train-142`", true, Completion::run}},
          .examples = {{"ame artifact rm 142", "remove what run 142 left behind"}},
          .action = [options](Session& session) { return remove(*options, session); },
          .aliases = {"rm"}};
}

}  // namespace ame::cli
