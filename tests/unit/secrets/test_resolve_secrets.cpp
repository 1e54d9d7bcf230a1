// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <memory>
#include <string>

#include <catch2/catch.hpp>

#include "core/secrets/local_providers.hpp"
#include "core/secrets/resolve_secrets.hpp"
#include "core/secrets/secret_fields.hpp"
#include "core/secrets/secret_masker.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_file_system.hpp"
#include "tests/support/memory_secret_store.hpp"

namespace ame {

namespace {

struct World {
  ManualClock clock;
  MemorySecretStore store{clock};
  MemoryFileSystem files;
  std::map<std::string, std::string> environment;
  TaskGraph graph;

  void put(const std::string& key, const std::string& value) { store.put(key, SecretText(value), IfPresent::replace); }

  Task& add_step(const std::string& name) {
    auto task = std::make_shared<Task>();
    task->name = TaskName(name);
    graph.steps.push_back({.name = StepName(name), .task = task});
    return *task;
  }

  RunSecrets resolve() {
    StoreProvider ame(store);
    EnvironmentProvider env(environment);
    FileProvider file(files, "/project");
    return resolve_secrets(graph, {.ame = &ame, .env = &env, .file = &file});
  }

  std::vector<Diagnostic> problems() {
    try {
      resolve();
    } catch (const Error& error) {
      CHECK(error.code() == ExitCode::machine);
      return error.diagnostics();
    }
    return {};
  }
};

SecretReference of_store(const std::string& key, const std::string& variable) {
  return {.source = SecretSource::ame, .key = key, .inject_as = variable};
}

std::map<std::string, std::string> variables_of(const RunSecrets& run, std::size_t step) {
  std::map<std::string, std::string> variables;
  for (const StepSecret& secret : run.of_steps.at(step)) {
    variables.emplace(secret.variable, secret.value->reveal());
  }
  return variables;
}

using Variables = std::map<std::string, std::string>;

}  // namespace

TEST_CASE("each step gets the secrets it asks for, and no other") {
  World world;
  world.put("db", "db-password");
  world.put("api", "api-token");
  world.add_step("a").secrets = {of_store("db", "DB")};
  world.add_step("b").secrets = {of_store("api", "API"), of_store("db", "PASSWORD")};
  world.add_step("c");
  const RunSecrets run = world.resolve();
  CHECK(variables_of(run, 0) == Variables{{"DB", "db-password"}});
  CHECK(variables_of(run, 1) == Variables{{"API", "api-token"}, {"PASSWORD", "db-password"}});
  CHECK(run.of_steps.at(2).empty());
  CHECK_FALSE(run.empty());
  CHECK(masked("db-password api-token", run.patterns) == "*** ***");
}

TEST_CASE("all secrets that are missing are told at once") {
  World world;
  world.put("blob_storage_key", "there");
  world.add_step("train").secrets = {of_store("blob_storage_kye", "A"),
                                     {.source = SecretSource::env, .key = "CI_TOKEN", .inject_as = "B"},
                                     {.source = SecretSource::file, .key = "keys/publish", .inject_as = "C"}};
  world.add_step("test").secrets = {of_store("other", "A")};
  const auto problems = world.problems();
  REQUIRE(problems.size() == 4);
  CHECK(problems[0].message == "task `train` needs the secret `blob_storage_kye`, which is not in the secret store");
  CHECK(problems[0].hint == "did you mean `blob_storage_key`?");
  CHECK(problems[1].message == "task `train` needs the secret `CI_TOKEN`, a variable that is not set");
  CHECK(problems[2].message == "task `train` needs the secret `keys/publish`, a file that is not there");
  CHECK(problems[2].hint == "looked for `/project/keys/publish`");
  CHECK(problems[3].message == "task `test` needs the secret `other`, which is not in the secret store");
  CHECK(problems[3].hint == "`ame secret add other` asks for its value");
}

TEST_CASE("an optional secret may be missing, and a default takes its place") {
  World world;
  SecretReference optional = of_store("gone", "A");
  optional.optional = true;
  SecretReference with_default = of_store("gone", "B");
  with_default.default_value = "fallback";
  world.add_step("a").secrets = {optional, with_default};
  CHECK(variables_of(world.resolve(), 0) == Variables{{"B", "fallback"}});
}

TEST_CASE("a field is picked out of a secret that is a JSON object") {
  World world;
  world.put("db", R"({"user": "ada", "password": "p\"w\n1", "port": 5432, "tls": true, "more": {"x": 1}})");
  SecretReference password = of_store("db", "PASSWORD");
  password.field = "password";
  SecretReference all = of_store("db", "");
  all.inject_prefix = "DB";
  world.add_step("a").secrets = {password, all};
  const RunSecrets run = world.resolve();
  CHECK(variables_of(run, 0) == Variables{{"PASSWORD", "p\"w\n1"},
                                          {"DB_USER", "ada"},
                                          {"DB_PASSWORD", "p\"w\n1"},
                                          {"DB_PORT", "5432"},
                                          {"DB_TLS", "true"}});
}

TEST_CASE("a field that is not there is told by the names of those that are") {
  World world;
  world.put("db", R"({"user": "ada", "password": "hidden"})");
  world.put("plain", "not-json");
  SecretReference wrong = of_store("db", "A");
  wrong.field = "pasword";
  SecretReference plain = of_store("plain", "B");
  plain.field = "x";
  world.add_step("a").secrets = {wrong, plain};
  const auto problems = world.problems();
  REQUIRE(problems.size() == 2);
  CHECK(problems[0].message == "task `a` needs the secret `db`, which has no field `pasword`");
  CHECK(problems[0].hint == "it has `password` and `user`");
  CHECK(problems[1].message == "task `a` needs the secret `plain`, whose value is no JSON object with a field `x`");
}

TEST_CASE("a pipeline's secrets reach its steps where they do not say otherwise") {
  World world;
  world.put("one", "first-value");
  world.put("two", "second-value");
  auto pipeline = std::make_shared<Task>();
  pipeline->secrets = {of_store("one", "A"), of_store("one", "B")};
  world.add_step("a").secrets = {of_store("two", "B")};
  world.graph.steps.back().inherits = pipeline;
  CHECK(variables_of(world.resolve(), 0) == Variables{{"A", "first-value"}, {"B", "second-value"}});
}

TEST_CASE("a value that no variable can hold is refused before anything starts") {
  World world;
  world.put("large", std::string(200'000, 'x'));
  world.add_step("a").secrets = {of_store("large", "A")};
  const auto problems = world.problems();
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].message ==
        "task `a` needs the secret `large`, whose value of 200000 bytes is too long for a variable");
  CHECK(problems[0].hint == "use `injectAsFile`");
}

TEST_CASE("a value that is too short to be masked is warned of") {
  World world;
  world.put("pin", "1234");
  world.add_step("a").secrets = {of_store("pin", "PIN")};
  const RunSecrets run = world.resolve();
  REQUIRE(run.warnings.size() == 1);
  CHECK(run.warnings[0].message == "the secret `pin` has fewer than 5 characters and is not masked in logs");
  CHECK(masked("1234", run.patterns) == "1234");
}

TEST_CASE("a secret file loses its last line end, and nothing else") {
  World world;
  world.files.add("/run/keys/publish", "line one\nline two\r\n");
  world.add_step("a").secrets = {{.source = SecretSource::file, .key = "/run/keys/publish", .inject_as = "A"}};
  CHECK(variables_of(world.resolve(), 0) == Variables{{"A", "line one\nline two"}});
}

TEST_CASE("names of fields become names of variables") {
  CHECK(variable_of_field("APP", "db-password") == "APP_DB_PASSWORD");
  CHECK(variable_of_field("APP_", "x.y") == "APP_X_Y");
}

}  // namespace ame
