// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "schema/user_config.hpp"
#include "tests/support/memory_file_system.hpp"

namespace ame::schema {

namespace {

const std::filesystem::path file = "/home/config/config.yml";

UserConfig loaded(const std::string& text) {
  MemoryFileSystem files;
  files.make_directories(file.parent_path());
  files.write_atomically(file, text);
  return load_user_config(files, file, "/home");
}

std::string mistakes_in(const std::string& text) {
  try {
    loaded(text);
  } catch (const Error& error) {
    std::string all;
    for (const Diagnostic& diagnostic : error.diagnostics()) {
      all += diagnostic.where->file + ":" + std::to_string(diagnostic.where->line) + " " + diagnostic.message +
             (diagnostic.expected.empty() ? "" : "; " + diagnostic.expected) + "\n";
    }
    return all;
  }
  return "no mistake";
}

}  // namespace

TEST_CASE("a configuration that is absent or empty says nothing") {
  const MemoryFileSystem files;
  CHECK(load_user_config(files, file, "/home").vaults.empty());
  CHECK(loaded("").vaults.empty());
  CHECK(loaded("# nothing yet\n").vaults.empty());
}

TEST_CASE("vaults are read with all that is said of them") {
  const UserConfig config = loaded(R"(
vaults:
  company:
    address: https://vault.example.org:8200/
    mount: kv
    kvVersion: 1
    namespace: ml
    caFile: ca.pem
    auth:
      method: jwt
      mount: ci
      role: trainer
      jwtFile: token
)");
  REQUIRE(config.vaults.size() == 1);
  CHECK(config.vaults[0] ==
        Vault{.name = "company",
              .address = "https://vault.example.org:8200",
              .mount = "kv",
              .kv_version = 1,
              .name_space = "ml",
              .ca_file = "ca.pem",
              .login = {.method = VaultAuth::jwt, .mount = "ci", .role = "trainer", .jwt_file = "token"},
              .directory = "/home/config"});
}

TEST_CASE("every mistake of a configuration is told with its place") {
  CHECK(mistakes_in(R"(
vault: {}
vaults:
  a: {address: vault.example.org, kvVersion: 3}
  b: {address: "https://b", auth: {method: approle, roleIdEnv: R}}
  c: {address: "https://c", auth: {method: jwt}}
  d: {auth: {method: password}}
)") == "config/config.yml:2 unknown key `vault` in `config.yml`\n"
       "config/config.yml:4 `vault.example.org` is no address of a Vault; expected `https://…`\n"
       "config/config.yml:4 there is no version 3 of the key-value engine; expected `1` or `2`\n"
       "config/config.yml:5 logging in with `approle` needs `secretIdEnv` or `secretIdFile`\n"
       "config/config.yml:6 logging in with `jwt` needs `jwtEnv` or `jwtFile`\n"
       "config/config.yml:6 logging in with `jwt` needs `role`\n"
       "config/config.yml:7 a Vault has no `address`\n"
       "config/config.yml:7 `method` is `password`; expected `token`, `approle`, `kubernetes` or `jwt`\n");
}

TEST_CASE("defaults for the tasks of every project are read, and keep their places") {
  const UserConfig config = loaded("defaults:\n  resources:\n    cpu: 2\n    gpu: {count: 1}\n");
  CHECK(config.default_resources.cpu == Quantity::of_whole(2));
  REQUIRE(config.default_values.size() == 2);
  CHECK(config.default_values[0].key == "cpu");
  CHECK(config.default_values[0].text == "2");
  CHECK(config.default_values[0].origin.where.line == 3);
  CHECK(config.default_values[1].parts.at(0).key == "count");
  CHECK(mistakes_in("defaults:\n  image: x\n  resources: {cpus: 1}\n") ==
        "config/config.yml:2 unknown key `image` in `defaults`\n"
        "config/config.yml:3 unknown key `cpus` in `resources`\n");
}

}  // namespace ame::schema
