// SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/commands/durations.hpp"
#include "cli/commands/storage_world.hpp"
#include "cli/session.hpp"
#include "core/data/data_set_request.hpp"
#include "core/data/prune.hpp"
#include "core/data/tidy_store.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

struct PruneOptions {
  std::string keep_for;
  std::optional<long> keep;
  bool dry_run = false;
};

using Find = std::function<std::vector<Prunable>(ObjectStore&, const Retention&)>;

/// A run's directory holds the keys of the data sets it used.
void add_data_of(RunId run, Retention& retention, Session& session) {
  const std::filesystem::path data = data_directory(session.ports.runs().directory_of(run));
  for (const std::string& name : session.ports.files().list(data)) {
    if (const auto text = session.ports.files().read(data / name / key_file_name)) {
      retention.data.insert(read_data_set_key(*text).key);
    }
  }
}

Retention retention_of(const PruneOptions& options, Session& session) {
  Retention retention{.origin = session.ports.origin(), .younger_than = session.ports.clock().now()};
  for (const RunRecord& run : session.ports.runs().list({})) {
    retention.runs.insert(run.id.number);
    add_data_of(run.id, retention, session);
  }
  if (!options.keep_for.empty()) {
    retention.younger_than -= duration_option("--keep-for", options.keep_for);
  }
  if (options.keep) {
    if (*options.keep < 1) {
      throw Error(ExitCode::usage, Diagnostic{.message = "`--keep` needs to be at least 1"});
    }
    retention.newest_data = static_cast<std::size_t>(*options.keep);
  }
  return retention;
}

ExitCode prune(const PruneOptions& options, const Find& find, Session& session) {
  Ports& ports = session.ports;
  ObjectStore& store = store_of(session);
  const std::filesystem::path lock_file = ports.data_layout().store_lock();
  ports.files().make_directories(lock_file.parent_path());
  const auto lock = ports.locks().lock(lock_file);
  // Runs are asked for with the lock in hand: what keeps files now is recorded already.
  const std::vector<Prunable> found = find(store, retention_of(options, session));
  std::vector<std::string> keys;
  for (const Prunable& record : found) {
    keys.push_back(record.key);
    session.terminal.answer(fmt::format("{}{}\n", options.dry_run ? "would remove " : "removed ", record.what));
  }
  const std::vector<std::string> unused = unused_objects(store, {keys.begin(), keys.end()});
  if (!options.dry_run) {
    store.remove(keys);
    store.remove(unused);
  }
  session.terminal.remark(fmt::format("{} {} that nothing else refers to\n",
                                      options.dry_run ? "that would free" : "that freed",
                                      counted(unused.size(), "content")));
  return ExitCode::success;
}

OptionSpec dry_run_option(PruneOptions& options) {
  return {"--dry-run", &options.dry_run, "", "Show what would be removed, and remove nothing", {}};
}

OptionSpec keep_for_option(PruneOptions& options) {
  return {"--keep-for", &options.keep_for, "DURATION", "Leave what is younger, as `30d`", {}};
}

}  // namespace

CommandSpec artifact_prune_command() {
  const auto options = std::make_shared<PruneOptions>();
  return {.name = "prune",
          .summary = "Remove what runs left behind that were removed themselves",
          .details = "What a run that is still listed left behind stays, whatever its age: `ame task rm` comes first.",
          .options = {keep_for_option(*options), dry_run_option(*options)},
          .examples = {{"ame artifact prune --dry-run", "see what would be removed"},
                       {"ame artifact prune --keep-for 30d", "remove what is older than thirty days"}},
          .action = [options](Session& session) { return prune(*options, prunable_artifacts, session); }};
}

CommandSpec dataset_prune_command() {
  const auto options = std::make_shared<PruneOptions>();
  return {.name = "prune",
          .summary = "Remove old versions of data sets",
          .details = "The newest versions stay, and those that a run made or used which is still listed.",
          .options = {{"--keep", &options->keep, "N", "So many versions of each stay; default: 1", {}},
                      keep_for_option(*options),
                      dry_run_option(*options)},
          .examples = {{"ame dataset prune --dry-run", "see which versions would be removed"}},
          .action = [options](Session& session) { return prune(*options, prunable_data_sets, session); }};
}

}  // namespace ame::cli
