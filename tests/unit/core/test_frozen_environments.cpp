// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/run/frozen_environments.hpp"
#include "tests/support/memory_file_system.hpp"
#include "tests/support/scripted_environments.hpp"

namespace ame {

namespace {

/// A lock file as it was and as it is, and the environments of this machine.
struct World {
  World() {
    then.add("/p/req.txt", "old");
    now.add("/p/req.txt", "new");
    plan.manager = "pip";
    plan.inputs = {"req.txt"};
  }

  std::variant<ReadyEnvironment, BuildNeeded> ask(const std::string& key) {
    FrozenEnvironments frozen(inner, now, then, "train-7");
    frozen.add({.plan = plan, .project = "/p", .key = key});
    return frozen.find_or_request(plan, "/p");
  }

  MemoryFileSystem then;
  MemoryFileSystem now;
  ScriptedEnvironments inner;
  EnvironmentPlan plan;
};

std::string message_of(const Error& error) {
  return error.diagnostics().front().message;
}

}  // namespace

TEST_CASE("an earlier environment is used although its lock file has changed", "[frozen environments]") {
  World world;
  world.inner.kept["pip-1"] = {.key = "pip-1"};
  const auto found = world.ask("pip-1");
  CHECK(std::get<ReadyEnvironment>(found).key == "pip-1");
  CHECK(world.inner.asked().empty());
}

TEST_CASE("an environment that is gone is made again where its files are the same", "[frozen environments]") {
  World world;
  world.now.add("/p/req.txt", "old");
  world.inner.then(ReadyEnvironment{.key = "pip-1"});
  CHECK(std::get<ReadyEnvironment>(world.ask("pip-1")).key == "pip-1");
}

TEST_CASE("an environment that is gone and whose files have changed is an error", "[frozen environments]") {
  World world;
  try {
    world.ask("pip-1");
    FAIL("nothing was thrown");
  } catch (const Error& error) {
    CHECK(message_of(error) == "the environment `pip-1` of train-7 is gone, and `req.txt` has changed since");
  }
  try {
    world.ask("");
    FAIL("nothing was thrown");
  } catch (const Error& error) {
    CHECK(message_of(error) == "`req.txt` has changed since train-7, and the environment it described was never made");
  }
}

}  // namespace ame
