// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <system_error>

#include <fmt/format.h>

#include "core/data/data_set_work.hpp"
#include "core/data/snapshot_file.hpp"
#include "core/error.hpp"
#include "core/files/artifact_selection.hpp"
#include "core/files/make_link.hpp"
#include "core/text.hpp"

namespace ame {

namespace fs = std::filesystem;

namespace {

constexpr std::uint32_t anybody_writes = 0222;
constexpr std::uint32_t anybody_runs = 0111;

/// What lies at the path of a data set where it is used, with what is known of it from the last time.
class PlaceOfUse {
 public:
  PlaceOfUse(const DataSetRequest& request, const DataSetRecord& record, const DataSetPorts& ports)
      : record_(record),
        ports_(ports),
        destination_(request.destination),
        known_file_(ports.layout.tree_of(destination_ / record.path)),
        fixed_(fixed_part(record.path)),
        is_at_home_(request.destination == request.plan.directory) {}

  /// The files that are to be fetched; throws for those that nobody has kept.
  std::vector<const ManifestEntry*> look() {
    const Snapshot here = snapshot();
    std::map<std::string, std::size_t> by_path;
    for (std::size_t index = 0; index < here.tree.size(); ++index) {
      by_path.emplace(here.tree[index].path, index);
    }
    std::vector<const ManifestEntry*> absent;
    for (const ManifestEntry& entry : record_.entries) {
      const auto found = by_path.find(entry.path);
      if (found == by_path.end()) {
        absent.push_back(&entry);
        continue;
      }
      if (is_same(entry, here.tree[found->second], here.hashes[found->second])) {
        protect(here.tree[found->second]);
      } else {
        require_kept(entry.path, here.hashes[found->second]);
        absent.push_back(&entry);
      }
      by_path.erase(found);
    }
    if (!is_at_home_) {
      for (const auto& [path, index] : by_path) {
        take_away(path, here.hashes[index]);
      }
    }
    return absent;
  }

  /// So that the next time only the books have to be compared.
  void remember() {
    const Snapshot here = snapshot();
    ports_.step.files.make_directories(known_file_.parent_path());
    ports_.step.files.write_atomically(known_file_, snapshot_bytes(here), FileMode::owner_only);
  }

 private:
  [[nodiscard]] Snapshot snapshot() const {
    const auto bytes = ports_.step.files.read(known_file_, 4ULL << 30);
    const Snapshot known = bytes ? read_snapshot(*bytes).value_or(Snapshot{}) : Snapshot{};
    return with_hashes(ports_.step.artifacts.scanner.scan_below(destination_, fixed_),
                       destination_,
                       known,
                       {ports_.step.artifacts.hasher, UINT64_MAX});
  }

  [[nodiscard]] bool is_same(const ManifestEntry& wanted, const TreeEntry& here, const std::string& hash) const {
    if (wanted.kind != here.kind) {
      return false;
    }
    std::error_code failure;
    return wanted.kind == TreeEntryKind::file
               ? wanted.hash == hash
               : fs::read_symlink(destination_ / here.path, failure).string() == wanted.target;
  }

  [[nodiscard]] bool is_kept(const std::string& hash) const {
    return hash.empty() || ports_.step.artifacts.store.missing({object_key(hash)}).empty();
  }

  void require_kept(const std::string& path, const std::string& hash) const {
    if (!is_kept(hash)) {
      throw Error(
          ExitCode::machine,
          Diagnostic{.message = fmt::format("`{}` is not what `{}` holds there, and nobody has kept it",
                                            (destination_ / path).string(),
                                            record_.name),
                     .hint = fmt::format("move it away, or `ame dataset build --refresh-data {}` makes the data "
                                         "set anew",
                                         record_.name)});
    }
  }

  void protect(const TreeEntry& here) const {
    if (here.kind == TreeEntryKind::file && (here.mode & anybody_writes) != 0) {
      std::error_code ignored;
      fs::permissions(destination_ / here.path, fs::perms(here.mode & ~anybody_writes), ignored);
    }
  }

  /// Of an older making; what somebody else put there stays.
  void take_away(const std::string& path, const std::string& hash) const {
    if (!hash.empty() && is_kept(hash)) {
      std::error_code ignored;
      fs::remove(destination_ / path, ignored);
    }
  }

  const DataSetRecord& record_;
  const DataSetPorts& ports_;
  fs::path destination_;
  fs::path known_file_;
  std::string fixed_;
  bool is_at_home_;  ///< the project that makes it uses it
};

void fetch(const std::vector<const ManifestEntry*>& entries, const fs::path& destination, ObjectStore& store) {
  std::vector<Download> downloads;
  for (const ManifestEntry* entry : entries) {
    if (entry->kind == TreeEntryKind::link) {
      make_link(*entry, destination / entry->path);
      continue;
    }
    downloads.push_back({.key = object_key(entry->hash),
                         .file = destination / entry->path,
                         .mode = (entry->mode & anybody_runs) != 0 ? FileMode::read_and_run : FileMode::read_only,
                         .sha256 = entry->hash,
                         .may_share = true});
  }
  store.get(downloads, [](std::uint64_t /*bytes*/) {});
}

/// Throws Error(machine): it was there when the run began.
DataSetRecord kept_record(const DataSetRequest& request, const DataSetPorts& ports) {
  const DataSetPlan& plan = request.plan;
  const DataSetKey key = read_data_set_key(ports.step.files.read(request.key_file).value_or(""));
  ObjectStore& store = ports.step.artifacts.store;
  std::optional<DataSetRecord> record = find_record(store, plan.project, plan.name, key.key);
  if (!record) {
    throw Error(ExitCode::machine,
                Diagnostic{.message = fmt::format("the data set `{}` is gone from {}", plan.shown, store.place()),
                           .hint = fmt::format("`ame dataset build {}` makes it again", plan.shown)});
  }
  return *std::move(record);
}

}  // namespace

void fetch_data_set(const DataSetRequest& request, const DataSetPorts& ports) {
  const DataSetRecord record = kept_record(request, ports);
  std::vector<const ManifestEntry*> entries;
  for (const ManifestEntry& entry : record.entries) {
    entries.push_back(&entry);
  }
  fetch(entries, request.destination, ports.step.artifacts.store);
}

void place_data_set(const DataSetRequest& request, const DataSetPorts& ports, const TellProgress& tell) {
  const DataSetRecord record = kept_record(request, ports);
  PlaceOfUse place(request, record, ports);
  const std::vector<const ManifestEntry*> absent = place.look();
  if (absent.empty()) {
    place.remember();
    return;
  }
  fetch(absent, request.destination, ports.step.artifacts.store);
  place.remember();
  tell(fmt::format("put {} of the data set `{}` in place", counted(absent.size(), "file"), request.plan.shown));
}

}  // namespace ame
