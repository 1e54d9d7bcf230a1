// SPDX-License-Identifier: Apache-2.0
#include "core/data/step_artifacts.hpp"

#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "core/data/manifest_json.hpp"
#include "core/data/snapshot_file.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t largest_snapshot = 4ULL << 30;

std::optional<Snapshot> snapshot_in(const fs::path& file, const FileReader& files) {
  const std::optional<std::string> bytes = files.read(file, largest_snapshot);
  return bytes ? read_snapshot(*bytes) : std::nullopt;
}

/// As a second name of the file that is known, where both lie on one disk: nobody ever changes it in place.
void keep_beside(const StepArtifacts& request, const Snapshot& snapshot, FileSystem& files) {
  files.make_directories(request.before.parent_path(), FileMode::owner_only);
  std::error_code failure;
  fs::create_hard_link(request.known, request.before, failure);
  if (failure) {
    files.write_atomically(request.before, snapshot_bytes(snapshot), FileMode::owner_only);
  }
}

std::string told(const KeptArtifacts& kept) {
  std::uint64_t bytes = 0;
  for (const ManifestEntry& entry : kept.manifest.entries) {
    bytes += entry.size;
  }
  return fmt::format("kept {} ({})", counted(kept.manifest.entries.size(), "file"), bytes_text(bytes));
}

}  // namespace

Snapshot current_snapshot(const fs::path& project_directory,
                          const fs::path& known_file,
                          const StepArtifactPorts& ports) {
  const std::optional<Snapshot> known = snapshot_in(known_file, ports.files);
  Snapshot now =
      take_snapshot(project_directory, known.value_or(Snapshot{}), ports.artifacts.scanner, ports.artifacts.hasher);
  if (!known || !(now == *known)) {
    ports.files.make_directories(known_file.parent_path());
    ports.files.write_atomically(known_file, snapshot_bytes(now), FileMode::owner_only);
  }
  return now;
}

void look_at_files(const StepArtifacts& request, StepArtifactPorts ports) {
  const Snapshot now = current_snapshot(request.project_directory, request.known, ports);
  keep_beside(request, now, ports.files);
}

void keep_step_artifacts(const StepArtifacts& request,
                         const fs::path& store_lock,
                         StepArtifactPorts ports,
                         const TellProgress& tell) {
  std::optional<Snapshot> before = snapshot_in(request.before, ports.files);
  if (request.wanted.save_changed_files && !before) {
    throw Error(ExitCode::machine,
                Diagnostic{.message = fmt::format("what was there before the command is not known: `{}` is gone",
                                                  request.before.string())});
  }
  ports.files.make_directories(store_lock.parent_path());
  const auto lock = ports.locks.lock_shared(store_lock);
  const KeptArtifacts kept = keep_artifacts({.project_directory = request.project_directory,
                                             .wanted = request.wanted,
                                             .before = std::move(before),
                                             .labels = request.labels},
                                            ports.artifacts);
  ports.artifacts.store.put_text(manifest_key(kept.manifest), manifest_json(kept.manifest));
  tell(told(kept));
}

}  // namespace ame
