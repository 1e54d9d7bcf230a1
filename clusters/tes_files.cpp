// SPDX-License-Identifier: Apache-2.0
#include "clusters/tes_files.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/files/manifest.hpp"
#include "core/run/ask_program.hpp"

namespace ame::clusters {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t large = 1U << 20U;  // bytes
constexpr std::chrono::hours patience{1};
constexpr const char* pack_name = "files.tar";

/// Paths with a NUL after each, as tar reads them.
struct Parts {
  std::string packed;
  std::size_t packed_count = 0;
  std::vector<const TreeEntry*> large;
};

Parts parts_of(const Tree& tree) {
  Parts parts;
  for (const TreeEntry& entry : tree) {
    if (entry.kind == TreeEntryKind::file && entry.size >= large) {
      parts.large.push_back(&entry);
    } else {
      parts.packed += "./" + entry.path + '\0';
      parts.packed_count += entry.kind == TreeEntryKind::file ? 1 : 0;
    }
  }
  return parts;
}

void run_tar(std::vector<std::string> arguments, const fs::path& directory, const EnginePorts& ports) {
  arguments.insert(arguments.begin(), "tar");
  const ProgramAnswer answer =
      ask_programs(
          ports.processes,
          ports.clock,
          {{.argv = std::move(arguments), .environment = {"PATH=/usr/bin:/bin", "LC_ALL=C"}, .directory = directory}},
          patience)
          .front();
  if (!answer.is_fine()) {
    throw Error(ExitCode::machine,
                Diagnostic{.message = fmt::format(
                               "the files in {} cannot be packed: `tar` {}", directory.string(), answer.failure()),
                           .hint = "a file that changes meanwhile is sent by the next try"});
  }
}

}  // namespace

Sending send_to_storage(const Shipment& shipment,
                        ObjectStore& store,
                        const fs::path& scratch,
                        const EnginePorts& ports) {
  const Parts parts = parts_of(shipment.tree);
  const fs::path directory = scratch / "pack";
  ports.files.make_directories(directory, FileMode::owner_only);
  ports.files.write_atomically(scratch / "pack.list", parts.packed);
  // The same files make the same bytes, whoever packs them and when.
  run_tar({"--create",
           "--file=" + (directory / pack_name).string(),
           "--format=gnu",
           "--mtime=@0",
           "--owner=0",
           "--group=0",
           "--numeric-owner",
           "--hard-dereference",
           "--no-recursion",
           "--null",
           "--verbatim-files-from",
           "--files-from=" + (scratch / "pack.list").string()},
          shipment.project,
          ports);
  Sending sending;
  const auto has_sent = [&](std::size_t files, std::uint64_t bytes) {
    sending.fresh += files;
    shipment.sent(files, bytes);
  };
  const auto pack = store.put_by_content({.top = directory, .files = {pack_name}, .key_of = object_key},
                                         [&](std::uint64_t bytes) { has_sent(parts.packed_count, bytes); });
  sending.files.pack = object_key(pack.front());
  ContentUpload upload{.top = shipment.project, .files = {}, .key_of = object_key};
  for (const TreeEntry* const entry : parts.large) {
    upload.files.push_back(entry->path);
  }
  const auto hashes = store.put_by_content(upload, [&](std::uint64_t bytes) { has_sent(1, bytes); });
  for (std::size_t index = 0; index < hashes.size(); ++index) {
    if (!hashes[index].empty()) {
      sending.files.large.push_back({.path = upload.files[index],
                                     .hash = hashes[index],
                                     .is_executable = (parts.large[index]->mode & 0100U) != 0});
    }
  }
  ports.files.remove_all(directory);
  ports.files.remove_all(scratch / "pack.list");
  return sending;
}

void unpack_sent(const SentFiles& files,
                 ObjectStore& store,
                 const fs::path& target,
                 const fs::path& scratch,
                 const EnginePorts& ports) {
  ports.files.make_directories(target);
  std::vector<Download> downloads = {{.key = files.pack, .file = scratch / pack_name, .sha256 = {}}};
  for (const LargeFile& file : files.large) {
    downloads.push_back({.key = object_key(file.hash),
                         .file = target / file.path,
                         .mode = file.is_executable ? FileMode::executable : FileMode::shared,
                         .sha256 = file.hash});
  }
  store.get(downloads, [](std::uint64_t /*bytes*/) {});
  run_tar({"-xf", (scratch / pack_name).string()}, target, ports);
  ports.files.remove_all(scratch / pack_name);
}

}  // namespace ame::clusters
