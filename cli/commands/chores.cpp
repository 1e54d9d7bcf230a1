// SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "cli/commands/commands.hpp"
#include "cli/commands/prepare_data.hpp"
#include "cli/session.hpp"
#include "core/data/chore_report.hpp"
#include "core/data/data_set_chores.hpp"
#include "core/data/data_set_work.hpp"
#include "core/data/step_artifacts.hpp"
#include "core/error.hpp"

namespace ame::cli {

namespace {

using Work = std::function<void(const std::string& request, Session& session)>;

std::string request_in(const std::string& path, Session& session) {
  const auto text = session.ports.files().read(session.directory / path);
  if (!text) {
    throw Error(ExitCode::bug, Diagnostic{.message = "there is no request `" + path + "`"});
  }
  return *text;
}

/// The parent is told what went wrong in words that it can pass on.
ExitCode do_chore(const std::string& path, const Work& work, Session& session) {
  try {
    work(request_in(path, session), session);
    return ExitCode::success;
  } catch (const Error& error) {
    const Diagnostic& first = error.diagnostics().front();
    session.terminal.answer(failure_lines(first.message, first.hint));
    return error.code();
  }
}

CommandSpec chore(const char* name, const char* summary, Work work) {
  const auto request = std::make_shared<std::string>();
  return {.name = name,
          .summary = summary,
          .options = {{"--request", request.get(), "FILE", "What is to be done", {}}},
          .action = [request, work = std::move(work)](Session& session) { return do_chore(*request, work, session); }};
}

void look(const std::string& request, Session& session) {
  look_at_files(read_step_artifacts(request), artifact_ports(session));
}

void keep(const std::string& request, Session& session) {
  keep_step_artifacts(read_step_artifacts(request),
                      session.ports.data_layout().store_lock(),
                      artifact_ports(session),
                      [&session](const std::string& line) { session.terminal.answer(progress_line(line)); });
}

using DataSetWork = std::function<void(const DataSetRequest&, const DataSetPorts&, const TellProgress&)>;

void for_each_data_set(const std::string& text, Session& session, const DataSetWork& work) {
  const DataSetPorts ports = data_set_ports(session);
  for (const DataSetRequest& request : read_data_set_requests(text)) {
    work(request, ports, [&session](const std::string& line) { session.terminal.answer(progress_line(line)); });
  }
}

void look_at_data(const std::string& text, Session& session) {
  for_each_data_set(
      text, session, [&](const DataSetRequest& request, const DataSetPorts& ports, const TellProgress& tell) {
        const auto free = session.ports.machine().resources(request.plan.directory).free_storage;
        const bool ready = look_at_data_set(request, static_cast<std::uint64_t>(free), ports, tell);
        session.terminal.answer(answer_line(ready ? "ready" : "to be made"));
      });
}

/// Ends once nobody makes the data set any more.
void await_data(const std::string& text, Session& session) {
  for_each_data_set(
      text, session, [&](const DataSetRequest& request, const DataSetPorts& ports, const TellProgress& tell) {
        tell(fmt::format("another run makes the data set `{}`: waiting for it", request.plan.shown));
        session.ports.locks().lock(data_set_lock(ports.layout, request.plan));
      });
}

void keep_data(const std::string& text, Session& session) {
  for_each_data_set(text, session, keep_data_set);
}

void place_data(const std::string& text, Session& session) {
  for_each_data_set(text, session, place_data_set);
}

}  // namespace

CommandSpec look_at_data_set_command() {
  return chore("look-at-data-set", "See whether a data set is ready: what ame starts itself for", look_at_data);
}

CommandSpec await_data_set_command() {
  return chore("await-data-set", "Wait for who makes a data set: what ame starts itself for", await_data);
}

CommandSpec keep_data_set_command() {
  return chore("keep-data-set", "Store a data set: what ame starts itself for", keep_data);
}

CommandSpec place_data_sets_command() {
  return chore("place-data-sets", "Put data sets where a step uses them: what ame starts itself for", place_data);
}

CommandSpec look_at_files_command() {
  return chore("look-at-files", "Note what a project's files are: what ame starts itself for", look);
}

CommandSpec keep_artifacts_command() {
  return chore("keep-artifacts", "Store what a step left behind: what ame starts itself for", keep);
}

}  // namespace ame::cli
