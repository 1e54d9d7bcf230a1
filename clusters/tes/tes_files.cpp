// SPDX-License-Identifier: Apache-2.0
#include "clusters/tes/tes_files.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
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

/// What is packed: paths with a NUL after each, as tar reads them.
struct Small {
  std::string paths;
  std::size_t files = 0;
};

bool is_large(const TreeEntry& entry) {
  return entry.kind == TreeEntryKind::file && entry.size >= large;
}

Small small_ones(const Tree& tree) {
  Small small;
  for (const TreeEntry& entry : tree) {
    if (!is_large(entry)) {
      small.paths += "./" + entry.path + '\0';
      small.files += entry.kind == TreeEntryKind::file ? 1 : 0;
    }
  }
  return small;
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

/// The same files make the same bytes, whoever packs them and when. Returns how many files they are.
std::size_t pack_small(const Shipment& shipment, const fs::path& directory, const EnginePorts& ports) {
  ports.files.make_directories(directory, FileMode::owner_only);
  std::vector<std::string> arguments = {"--create",
                                        "--file=" + (directory / pack_name).string(),
                                        "--format=gnu",
                                        "--mtime=@0",
                                        "--owner=0",
                                        "--group=0",
                                        "--numeric-owner",
                                        "--hard-dereference",
                                        "--no-recursion",
                                        "--null",
                                        "--verbatim-files-from"};
  std::size_t files = 0;
  for (const ShipmentPart& part : shipment.parts) {
    const Small small = small_ones(part.tree);
    const fs::path list = directory / fmt::format("{}.list", arguments.size());
    ports.files.write_atomically(list, small.paths);
    arguments.push_back("--directory=" + part.top.string());
    arguments.push_back("--files-from=" + list.string());
    files += small.files;
  }
  run_tar(std::move(arguments), directory, ports);
  return files;
}

std::vector<LargeFile> send_large(const ShipmentPart& part,
                                  ObjectStore& store,
                                  const std::function<void(std::uint64_t bytes)>& sent) {
  std::vector<const TreeEntry*> entries;
  ContentUpload upload{.top = part.top, .files = {}, .key_of = object_key};
  for (const TreeEntry& entry : part.tree) {
    if (is_large(entry)) {
      entries.push_back(&entry);
      upload.files.push_back(entry.path);
    }
  }
  const std::vector<std::string> hashes = store.put_by_content(upload, sent);
  std::vector<LargeFile> files;
  for (std::size_t index = 0; index < hashes.size(); ++index) {
    if (!hashes[index].empty()) {
      files.push_back(
          {.path = upload.files[index], .hash = hashes[index], .is_executable = (entries[index]->mode & 0100U) != 0});
    }
  }
  return files;
}

}  // namespace

Sending send_to_storage(const Shipment& shipment,
                        ObjectStore& store,
                        const fs::path& scratch,
                        const EnginePorts& ports) {
  Sending sending;
  const auto has_sent = [&](std::size_t files, std::uint64_t bytes) {
    sending.fresh += files;
    shipment.sent(files, bytes);
  };
  const fs::path directory = scratch / "pack";
  const std::size_t packed = pack_small(shipment, directory, ports);
  const auto pack = store.put_by_content({.top = directory, .files = {pack_name}, .key_of = object_key},
                                         [&](std::uint64_t bytes) { has_sent(packed, bytes); });
  sending.files.pack = object_key(pack.front());
  ports.files.remove_all(directory);
  for (const ShipmentPart& part : shipment.parts) {
    const std::vector<LargeFile> sent = send_large(part, store, [&](std::uint64_t bytes) { has_sent(1, bytes); });
    sending.files.large.insert(sending.files.large.end(), sent.begin(), sent.end());
  }
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
