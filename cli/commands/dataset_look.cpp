// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/commands/find_data_sets.hpp"
#include "cli/commands/open_project.hpp"
#include "cli/commands/storage_world.hpp"
#include "cli/render/data_set_text.hpp"
#include "core/data/data_set_record.hpp"
#include "core/data/tidy_store.hpp"
#include "core/text.hpp"

namespace ame::cli {

namespace {

struct DataSetOptions {
  std::string name;
  std::vector<std::string> names;
  bool json = false;
};

/// `ame dataset list`
ExitCode list(const DataSetOptions& options, Session& session) {
  const std::vector<DataSetState> states = data_set_states(session, open_project(session), {});
  session.terminal.answer(options.json ? data_sets_json(states)
                                       : data_sets_text(states, session.terminal.answer_paint()));
  return ExitCode::success;
}

/// `ame dataset status`
ExitCode status(const DataSetOptions& options, Session& session) {
  const std::vector<DataSetState> states = data_set_states(session, open_project(session), {options.name});
  session.terminal.answer(options.json ? data_sets_json(states) : data_set_text(states.front()));
  return ExitCode::success;
}

/// `ame dataset rm`
ExitCode remove(const DataSetOptions& options, Session& session) {
  Ports& ports = session.ports;
  const std::vector<DataSet> found = data_sets_named(open_project(session), options.names);
  ObjectStore& store = store_of(session);
  const std::filesystem::path lock_file = ports.data_layout().store_lock();
  ports.files().make_directories(lock_file.parent_path());
  const auto lock = ports.locks().lock(lock_file);
  for (const DataSet& data_set : found) {
    store.remove(store.list(data_set_prefix(data_set.project, data_set.name)));
    session.terminal.remark(
        fmt::format("what was kept of the data set `{}` is removed; its files in the project stay\n", data_set.name));
  }
  store.remove(unused_objects(store));
  return ExitCode::success;
}

}  // namespace

CommandSpec dataset_list_command() {
  const auto options = std::make_shared<DataSetOptions>();
  return {.name = "list",
          .summary = "Show the data sets of this project, and which are ready",
          .options = {{"--json", &options->json, "", "Print JSON", {}}},
          .examples = {{"ame dataset list", "every data set with its phase and size"}},
          .action = [options](Session& session) { return list(*options, session); },
          .aliases = {"ls"}};
}

CommandSpec dataset_status_command() {
  const auto options = std::make_shared<DataSetOptions>();
  return {.name = "status",
          .summary = "Show how a data set stands, and why it would be made again",
          .options = {{"--json", &options->json, "", "Print JSON", {}}},
          .arguments = {{"NAME", &options->name, "A data set of this project", true, Completion::nothing}},
          .examples = {{"ame dataset status customers", "whether `customers` is ready, and if not, why"}},
          .action = [options](Session& session) { return status(*options, session); }};
}

CommandSpec dataset_remove_command() {
  const auto options = std::make_shared<DataSetOptions>();
  return {.name = "remove",
          .summary = "Forget what was kept of data sets",
          .details = "The next step that uses one of them makes it again. Files in the project are left.",
          .arguments = {{"NAME", &options->names, "Data sets of this project", true, Completion::nothing}},
          .examples = {{"ame dataset rm customers", "forget `customers`"}},
          .action = [options](Session& session) { return remove(*options, session); },
          .aliases = {"rm"}};
}

}  // namespace ame::cli
