// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/data/artifact_request.hpp"
#include "core/data/kept_manifests.hpp"
#include "core/data/manifest_json.hpp"
#include "core/data/snapshot_file.hpp"
#include "core/data/tidy_store.hpp"
#include "core/error.hpp"
#include "tests/support/memory_file_locks.hpp"
#include "tests/support/memory_file_system.hpp"
#include "tests/support/memory_object_store.hpp"

namespace ame {
namespace {

const std::string hash_a(64, 'a');
const std::string hash_b(64, 'b');

Manifest manifest(long run, const char* step, std::vector<ManifestEntry> entries = {}) {
  return {.project = ProjectName("demo"),
          .task = "train",
          .run = {run},
          .origin = "0123abcd",
          .step = StepName(step),
          .created = UtcTime(std::chrono::microseconds(1'700'000'000'123'456)),
          .entries = std::move(entries),
          .deleted = {}};
}

void store_all(ObjectStore& store, const std::vector<Manifest>& manifests) {
  for (const Manifest& each : manifests) {
    store.put_text(manifest_key(each), manifest_json(each));
  }
}

template <class Call>
std::string message_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("a manifest comes back from its JSON, whatever the names of its files") {
  Manifest whole = manifest(7, "nightly/train@lr=0.1");
  whole.entries = {{.path = "-rf \n\"\\", .mode = 0755, .size = 3, .hash = hash_a},
                   {.path = "\xFF not utf-8", .mode = 0644, .size = 0, .hash = hash_b},
                   {.path = "\xC3\xA9t\xC3\xA9", .kind = TreeEntryKind::link, .mode = 0777, .target = "-rf"}};
  whole.deleted = {"gone", "\xFE"};
  CHECK(read_manifest(manifest_json(whole), "it") == whole);
}

TEST_CASE("what is no manifest is refused by its place") {
  CHECK(message_of([] { read_manifest("{", "`k` in memory"); }) == "`k` in memory is no manifest that ame wrote");
  CHECK(message_of([] { read_manifest("{\"format\": 2}", "`k` in memory"); }) ==
        "`k` in memory was written by another version of ame");
}

TEST_CASE("the manifests of a run are found among others, and those of other machines are not") {
  MemoryObjectStore store;
  Manifest foreign = manifest(7, "train");
  foreign.origin = "ffffffff";
  store_all(store, {manifest(7, "a"), manifest(7, "b/c"), manifest(12, "a"), foreign});
  store.put_text("runs/demo/odd.json", "{}");
  CHECK(manifests_of(store, "0123abcd", {7}).size() == 2);
  const auto keys = manifest_keys(store, "0123abcd");
  REQUIRE(keys.size() == 3);
  CHECK(keys[0].run.number == 12);
  CHECK(keys[2].key == "runs/demo/train/7-0123abcd/b:c.json");
}

TEST_CASE("several steps are joined with a directory for each") {
  const ManifestEntry model{.path = "model.pkl", .mode = 0644, .size = 1, .hash = hash_a};
  CHECK(joined({manifest(1, "train", {model})}).entries == std::vector<ManifestEntry>{model});
  const Manifest both = joined({manifest(1, "b", {model}), manifest(1, "a", {model})});
  REQUIRE(both.entries.size() == 2);
  CHECK(both.entries[0].path == "a/model.pkl");
  CHECK(both.entries[1].path == "b/model.pkl");
}

TEST_CASE("only contents that no record names are unused") {
  MemoryObjectStore store;
  store.put_text(object_key(hash_a), "a");
  store.put_text(object_key(hash_b), "b");
  store_all(store, {manifest(1, "a", {{.path = "f", .size = 1, .hash = hash_a}})});
  CHECK(unused_objects(store) == std::vector<std::string>{object_key(hash_b)});
  store.put_text("steps/any/record", "whoever keeps " + hash_b + " says so");
  CHECK(unused_objects(store).empty());
}

TEST_CASE("the origin of runs is made once and stays") {
  MemoryFileSystem files;
  MemoryFileLocks locks;
  CHECK(origin_of("/state/origin", files, locks, "0123abcd") == "0123abcd");
  CHECK(origin_of("/state/origin", files, locks, "ffffffff") == "0123abcd");
}

TEST_CASE("a snapshot comes back from its file, and a torn one does not") {
  const Snapshot snapshot{.tree = {{.path = "a b",
                                    .mode = 0755,
                                    .size = 5'000'000'000,
                                    .inode = 9,
                                    .modified_ns = -5,
                                    .changed_ns = 1'700'000'000'000'000'001},
                                   {.path = "l", .kind = TreeEntryKind::link}},
                          .hashes = {hash_a, ""}};
  const std::string bytes = snapshot_bytes(snapshot);
  CHECK(read_snapshot(bytes) == snapshot);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CHECK_FALSE(read_snapshot(std::string_view(bytes).substr(0, size)));
  }
}

TEST_CASE("a request reaches the child whole") {
  const StepArtifacts request{.project_directory = "/p \xFF",
                              .wanted = {.paths = {{.path = "a", .optional = true}, {.path = "b"}},
                                         .save_changed_files = true,
                                         .save_on_failure = true},
                              .before = "/run/before.tree",
                              .known = "/cache/known.tree",
                              .labels = manifest(3, "train")};
  CHECK(read_step_artifacts(step_artifacts_json(request)) == request);
}

}  // namespace ame
