// SPDX-License-Identifier: Apache-2.0
#include "core/data/data_set_work.hpp"

#include <system_error>

#include <fmt/format.h>

#include "core/data/data_set_sources.hpp"
#include "core/error.hpp"
#include "core/files/artifact_selection.hpp"
#include "core/text.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

void require_space(const DataSetPlan& plan, std::uint64_t free_space) {
  if (plan.size > free_space) {
    throw Error(ExitCode::machine,
                Diagnostic{.message = fmt::format("`{}` is to have {}, and only {} are free at `{}`",
                                                  plan.shown,
                                                  bytes_text(plan.size),
                                                  bytes_text(free_space),
                                                  plan.directory.string()),
                           .hint = "`size` of the data set says what it needs"});
  }
}

/// A file that is protected, or is also the store's, becomes one that can be written.
void make_own(const fs::path& file, std::uint32_t mode) {
  constexpr std::uint32_t owner_writes = 0200;
  std::error_code failure;
  if (fs::hard_link_count(file, failure) > 1 && !failure) {
    fs::path copy = file;
    copy += ".ame-own";
    fs::copy_file(file, copy, fs::copy_options::overwrite_existing, failure);
    if (!failure) {
      fs::permissions(copy, fs::perms(mode | owner_writes), failure);
      fs::rename(copy, file, failure);
    }
  } else if ((mode & owner_writes) == 0) {
    fs::permissions(file, fs::perms(mode | owner_writes), failure);
  }
  if (failure) {
    throw Error(ExitCode::machine,
                Diagnostic{.message = with_errno(fmt::format("cannot change `{}`", file.string()), failure.value())});
  }
}

void make_all_own(const DataSetPlan& plan, const TreeScanner& scanner) {
  for (const TreeEntry& entry : scanner.scan_below(plan.directory, fixed_part(plan.path))) {
    if (entry.kind == TreeEntryKind::file) {
      make_own(plan.directory / entry.path, entry.mode);
    }
  }
}

void protect(const fs::path& directory, const std::vector<ManifestEntry>& entries) {
  constexpr fs::perms writing = fs::perms::owner_write | fs::perms::group_write | fs::perms::others_write;
  for (const ManifestEntry& entry : entries) {
    if (entry.kind == TreeEntryKind::file) {
      std::error_code ignored;
      fs::permissions(directory / entry.path, writing, fs::perm_options::remove, ignored);
    }
  }
}

}  // namespace

DataSetStanding standing_of(const DataSetPlan& plan, const DataSetPorts& ports) {
  DataSetStanding standing;
  standing.key.parts = parts_of(plan, ports.layout, ports.step);
  standing.key.key = key_of(standing.key.parts);
  ObjectStore& store = ports.step.artifacts.store;
  standing.record = find_record(store, plan.project, plan.name, standing.key.key);
  if (standing.record && !is_whole(store, *standing.record)) {
    standing.record.reset();
    standing.why = fmt::format("{} has lost some of it", store.place());
  } else if (!standing.record) {
    const std::optional<DataSetRecord> older = newest_record(store, plan.project, plan.name);
    standing.why = older ? difference_of(older->parts, standing.key.parts) : "it was never made";
  }
  return standing;
}

bool look_at_data_set(const DataSetRequest& request,
                      std::uint64_t free_space,
                      const DataSetPorts& ports,
                      const TellProgress& tell) {
  const DataSetPlan& plan = request.plan;
  const DataSetStanding standing = standing_of(plan, ports);
  ports.step.files.make_directories(request.key_file.parent_path(), FileMode::owner_only);
  ports.step.files.write_atomically(request.key_file, data_set_key_json(standing.key), FileMode::owner_only);
  if (standing.record && !request.refresh) {
    tell(fmt::format("the data set `{}` is ready: run {} made it, and nothing it depends on has changed",
                     plan.shown,
                     standing.record->run.number));
    return true;
  }
  require_space(plan, free_space);
  make_all_own(plan, ports.step.artifacts.scanner);
  const std::string why = standing.record ? "it was asked for" : standing.why;
  tell(fmt::format("making the data set `{}`: {}", plan.shown, why));
  return false;
}

void keep_data_set(const DataSetRequest& request, const DataSetPorts& ports, const TellProgress& tell) {
  const DataSetPlan& plan = request.plan;
  const DataSetKey key = read_data_set_key(ports.step.files.read(request.key_file).value_or(""));
  const fs::path lock_file = ports.layout.store_lock();
  ports.step.files.make_directories(lock_file.parent_path());
  const auto lock = ports.step.locks.lock_shared(lock_file);
  const KeptArtifacts kept = keep_artifacts({.project_directory = plan.directory,
                                             .wanted = {.paths = {{.path = plan.path}}},
                                             .before = std::nullopt,
                                             .labels = {}},
                                            ports.step.artifacts);
  const DataSetRecord record{.project = plan.project,
                             .name = plan.name,
                             .path = plan.path,
                             .key = key.key,
                             .parts = key.parts,
                             .run = request.run,
                             .origin = request.origin,
                             .created = ports.clock.now(),
                             .entries = kept.manifest.entries};
  store_record(ports.step.artifacts.store, record);
  protect(plan.directory, record.entries);
  tell(fmt::format("the data set `{}` is ready: {} ({})",
                   plan.shown,
                   counted(record.entries.size(), "file"),
                   bytes_text(bytes_of(record.entries))));
}

}  // namespace ame
