// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/cluster_data.hpp"

#include <algorithm>
#include <string>

#include "cli/commands/prepare_data.hpp"
#include "core/data/data_set_work.hpp"

namespace ame::cli {

namespace {

namespace fs = std::filesystem;

fs::path directory_of(const DataSetPlan& plan, RunId run, Session& session) {
  return data_directory(session.ports.runs().directory_of(run), plan);
}

DataSetRequest request_for(const DataSetPlan& plan, RunId run, Session& session) {
  return {.plan = plan,
          .key_file = directory_of(plan, run, session) / key_file_name,
          .run = run,
          .origin = session.ports.origin(),
          .destination = {}};
}

}  // namespace

void note_data_sets(const std::vector<DataSetOfRun>& data_sets, RunId run, Session& session) {
  FileSystem& files = session.ports.files();
  for (const DataSetOfRun& data_set : data_sets) {
    const fs::path directory = directory_of(data_set.plan, run, session);
    files.make_directories(directory, FileMode::owner_only);
    files.write_atomically(directory / key_file_name, data_set_key_json(data_set.key), FileMode::owner_only);
    if (!data_set.is_ready) {
      files.write_atomically(directory / data_request_file_name,
                             data_set_requests_json({request_for(data_set.plan, run, session)}),
                             FileMode::owner_only);
    }
  }
}

std::vector<DataSetRequest> data_sets_to_keep(RunId run, Session& session) {
  const fs::path directory = data_directory(session.ports.runs().directory_of(run));
  std::vector<DataSetRequest> found;
  for (const std::string& name : session.ports.files().list(directory)) {
    if (const auto text = session.ports.files().read(directory / name / data_request_file_name)) {
      const std::vector<DataSetRequest> requests = read_data_set_requests(*text);
      found.insert(found.end(), requests.begin(), requests.end());
    }
  }
  return found;
}

bool makes_data_sets(const std::vector<DataSetOfRun>& data_sets) {
  return !std::ranges::all_of(data_sets, &DataSetOfRun::is_ready);
}

ReadyData::ReadyData(const std::vector<DataSetOfRun>& data_sets, RunId run, Session& session)
    : session_(session),
      part_{.top = data_directory(session.ports.runs().directory_of(run)) / "ready", .tree = {}} {
  const bool is_any_used = std::ranges::any_of(
      data_sets, [](const DataSetOfRun& data_set) { return data_set.is_ready && !data_set.users.empty(); });
  if (!is_any_used) {
    return;
  }
  session.ports.files().make_directories(part_.top, FileMode::owner_only);
  for (const DataSetOfRun& data_set : data_sets) {
    if (data_set.is_ready && !data_set.users.empty()) {
      DataSetRequest request = request_for(data_set.plan, run, session);
      request.destination = part_.top;
      fetch_data_set(request, data_set_ports(session));
    }
  }
  part_.tree = session.ports.trees().scan_below(part_.top, "");
}

ReadyData::~ReadyData() {
  try {
    session_.ports.files().remove_all(part_.top);
  } catch (const Error&) {
    // It goes with the run.
  }
}

}  // namespace ame::cli
