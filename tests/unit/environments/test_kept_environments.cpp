// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/env/kept_environments.hpp"
#include "tests/unit/environments/machine_with_python.hpp"

using ame::EnvironmentCache;
using ame::KeptEnvironment;
using ame::MachineWithPython;
using ame::ReadyEnvironment;
using ame::Removal;
using ame::UtcTime;

namespace {

struct MachineWithCache : MachineWithPython {
  EnvironmentCache cache{ame::CacheLayout("/cache"), files, locks};

  MachineWithCache() {
    settings.process = "4711-ab";
    locks.make_files_in(files);
    then_probe().then_install().build();
  }
};

KeptEnvironment environment(const char* key, int days_unused, std::int64_t bytes, bool is_used = false) {
  KeptEnvironment made;
  made.record.key = key;
  made.record.bytes = bytes;
  made.last_use = UtcTime(std::chrono::days(1000 - days_unused));
  if (is_used) {
    made.holders = {"1-a"};
  }
  return made;
}

std::string chosen(const ame::PruneWish& wish) {
  std::string keys;
  const std::vector<KeptEnvironment> kept = {environment("new", 0, 10),
                                             environment("old", 40, 10),
                                             environment("older", 50, 10),
                                             environment("used", 60, 10, true)};
  for (const KeptEnvironment& one : ame::to_be_pruned(kept, wish, UtcTime(std::chrono::days(1000)))) {
    keys += one.record.key + " ";
  }
  return keys;
}

}  // namespace

TEST_CASE("what goes is chosen by age, by size or because nobody uses it, and never what is in use") {
  CHECK(chosen({.older_than = std::chrono::hours(24 * 30), .at_most = {}}) == "older old ");
  CHECK(chosen({.older_than = {}, .at_most = 25}) == "older old ");
  CHECK(chosen({.older_than = {}, .at_most = 0}) == "older old new ");
  CHECK(chosen({.older_than = {}, .at_most = {}, .unused = true}) == "older old new ");
  CHECK(chosen({.older_than = {}, .at_most = 100}).empty());
}

TEST_CASE("an environment is held for as long as what was found of it is kept") {
  MachineWithCache machine;
  ame::EnvironmentKeeper keeper(machine.settings, machine.files, machine.locks);
  std::string key;
  {
    const auto ready = std::get<ReadyEnvironment>(keeper.find_or_request(machine.plan, "/p"));
    const auto again = std::get<ReadyEnvironment>(keeper.find_or_request(machine.plan, "/p"));
    key = ready.key;
    CHECK(machine.cache.list().front().holders == std::vector<std::string>{"4711-ab"});
    CHECK(machine.cache.remove(key) == Removal::in_use);
    CHECK(machine.is_ready());
  }
  CHECK(machine.cache.list().front().holders.empty());
  CHECK(machine.cache.remove(key) == Removal::removed);
  CHECK(machine.cache.remove(key) == Removal::absent);
  CHECK_FALSE(machine.is_ready());
}

TEST_CASE("a lease that is not locked any more holds nothing") {
  MachineWithCache machine;
  const std::string key = machine.key();
  machine.files.add("/cache/leases/" + key + "/99-dead.lease", "");
  CHECK(machine.cache.remove(key) == Removal::removed);
  CHECK(machine.files.list("/cache/leases/" + key).empty());
}

TEST_CASE("what is being made is left alone, and what killed builds left is not") {
  MachineWithCache machine;
  const std::string key = machine.key();
  machine.files.add("/cache/envs/" + key + "/abandoned/bin/python", "");
  machine.files.add("/cache/envs/pip-other/abandoned/bin/python", "");
  {
    const auto lock = machine.locks.try_lock("/cache/locks/env-" + key + ".lock");
    CHECK(machine.cache.remove(key) == Removal::being_made);
    CHECK(machine.cache.remove_leftovers() == 1);
    CHECK(machine.files.status("/cache/envs/" + key + "/abandoned").kind == ame::FileKind::directory);
  }
  CHECK(machine.cache.remove_leftovers() == 1);
  CHECK(machine.is_ready());
}

TEST_CASE("an environment is found by the beginning of its key where that is only one") {
  MachineWithCache machine;
  CHECK(machine.cache.find("pip-").has_value());
  machine.files.add("/p/requirements.txt", "numpy==2\n");
  machine.then_install().build();
  CHECK_FALSE(machine.cache.find("pip-").has_value());
  CHECK(machine.cache.find(machine.key())->record.key == machine.key());
}

TEST_CASE("a cache that cannot be written still serves what is there") {
  MachineWithCache machine;
  machine.files.refuse("/cache/leases");
  CHECK(machine.is_ready());
}
