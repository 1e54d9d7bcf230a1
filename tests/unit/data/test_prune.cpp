// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/data/data_set_record.hpp"
#include "core/data/kept_manifests.hpp"
#include "core/data/manifest_json.hpp"
#include "core/data/prune.hpp"
#include "core/data/tidy_store.hpp"
#include "tests/support/memory_object_store.hpp"

namespace ame {
namespace {

UtcTime at(long second) {
  return UtcTime(std::chrono::seconds(second));
}

std::string left_behind(ObjectStore& store, long run, const char* origin = "0123abcd") {
  const Manifest manifest{.project = ProjectName("demo"),
                          .task = "train",
                          .run = {run},
                          .origin = origin,
                          .step = StepName("train"),
                          .created = at(run),
                          .entries = {{.path = "f", .size = 1, .hash = std::string(63, 'a') + std::to_string(run)}},
                          .deleted = {}};
  store.put_text(manifest_key(manifest), manifest_json(manifest));
  store.put_text(object_key(manifest.entries.front().hash), "x");
  return manifest_key(manifest);
}

void made(ObjectStore& store, long run) {
  store_record(store,
               {.project = ProjectName("demo"),
                .name = "customers",
                .path = "d",
                .key = "k" + std::to_string(run),
                .parts = {},
                .run = {run},
                .origin = "0123abcd",
                .created = at(run),
                .entries = {}});
}

const Retention nothing_recorded{.origin = "0123abcd", .runs = {}, .younger_than = at(100)};

}  // namespace

TEST_CASE("what a run that is recorded left behind is never pruned, nor that of another machine, nor what is young") {
  MemoryObjectStore store;
  const std::string gone = left_behind(store, 1);
  left_behind(store, 2);
  left_behind(store, 5);
  left_behind(store, 3, "ffffffff");
  Retention retention = nothing_recorded;
  retention.runs = {2};
  retention.younger_than = at(4);
  CHECK(prunable_artifacts(store, retention) ==
        std::vector<Prunable>{{.key = gone, .what = "what `train` of run 1 left behind"}});
  CHECK(unused_objects(store, {gone}) == std::vector<std::string>{object_key(std::string(63, 'a') + "1")});
}

TEST_CASE("the newest versions of a data set stay, and those of runs that are recorded") {
  MemoryObjectStore store;
  for (const long run : {1, 2, 3, 4}) {
    made(store, run);
  }
  Retention retention = nothing_recorded;
  retention.runs = {1};
  CHECK(prunable_data_sets(store, retention) ==
        std::vector<Prunable>{
            {.key = "datasets/demo/customers/k3.json", .what = "the data set `demo.customers` as run 3 made it"},
            {.key = "datasets/demo/customers/k2.json", .what = "the data set `demo.customers` as run 2 made it"}});
  retention.data = {"k3", "k2"};
  CHECK(prunable_data_sets(store, retention).empty());
  retention.data.clear();
  retention.newest_data = 4;
  CHECK(prunable_data_sets(store, retention).empty());
}

}  // namespace ame
