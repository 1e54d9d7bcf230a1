// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "schema/format/format.hpp"

using namespace ame;
using schema::FormatResult;
using schema::Slips;

namespace {

FormatResult formatted(const std::string& text, Slips slips = Slips::refuse) {
  return schema::format_project_text({.file = "ame.yml", .text = text}, {.slips = slips});
}

/// `after` is also what comes out of itself.
void check(const std::string& before, const std::string& after) {
  const FormatResult result = formatted(before);
  CHECK(result.text == after);
  CHECK(result.warnings.empty());
  CHECK(result.repairs.empty());
  CHECK(formatted(after).text == after);
}

}  // namespace

TEST_CASE("keys get their usual spelling where they are keys, and nowhere else") {
  check(
      "name: shop # of many\n"
      "data_sets: []\n"
      "tasks:\n"
      "  - name: a\n"
      "    taskref: b\n"
      "    env: [{name: A, value: x}]\n"
      "    artifactCfg: {save_changed_files: true, \"paths\": [env]}\n"
      "  - name: c\n"
      "    environment: {name: x, value: w, env: z}\n"
      "    nodeSelector: {taskref: b}\n"
      "    data_sets: [d]\n"
      "    secrets:\n"
      "      - !vault {vault: v, path: p, injectAs: P}\n"
      "    pipeline:\n"
      "      - - taskref: a\n"
      "          env: {}\n"
      "        - - taskref: b\n"
      "    unknown: {taskref: a}\n",
      "project: shop # of many\n"
      "dataSets: []\n"
      "tasks:\n"
      "  - name: a\n"
      "    taskRef: b\n"
      "    environment: [{key: A, val: x}]\n"
      "    artifacts: {saveChangedFiles: true, \"paths\": [env]}\n"
      "  - name: c\n"
      "    environment: {name: x, value: w, env: z}\n"
      "    nodeSelector: {taskref: b}\n"
      "    dataSets: [d]\n"
      "    secrets:\n"
      "      - !vault {vault: v, key: p, injectAs: P}\n"
      "    pipeline:\n"
      "      - - taskRef: a\n"
      "          environment: {}\n"
      "        - - taskRef: b\n"
      "    unknown: {taskref: a}\n");
}

TEST_CASE("two spellings of one key are left to the author") {
  check("project: a\nname: b\n", "project: a\nname: b\n");
  check("projectname: a\nname: b\n", "projectname: a\nname: b\n");
}

TEST_CASE("tags get their usual spelling") {
  check(
      "tasks:\n"
      "  - name: a\n"
      "    executor:\n"
      "      !pipEnv\n"
      "      command: x\n"
      "    secrets:\n"
      "      - !AME {key: k, injectAs: K}\n"
      "      - ame: {key: k, injectAs: K}\n"
      "      - vault: # the company's\n"
      "          # where\n"
      "          vault: company\n"
      "          path: p\n"
      "          injectAs: P\n"
      "      - {ame: {key: k, injectAs: K}}\n"
      "  - {name: b, executor: !Custom {command: x}}\n",
      "tasks:\n"
      "  - name: a\n"
      "    executor:\n"
      "      !pipenv\n"
      "      command: x\n"
      "    secrets:\n"
      "      - !ame {key: k, injectAs: K}\n"
      "      - !ame {key: k, injectAs: K}\n"
      "      - !vault # the company's\n"
      "        # where\n"
      "        vault: company\n"
      "        key: p\n"
      "        injectAs: P\n"
      "      - {ame: {key: k, injectAs: K}}\n"
      "  - {name: b, executor: !custom {command: x}}\n");
}

TEST_CASE("texts that others would read as something else are quoted") {
  check(
      "tools: {poetry: 1.8.3, pip: 24}\n"
      "tasks:\n"
      "  - name: 2024\n"
      "    executor: !pip\n"
      "      pythonVersion: 3.10\n"
      "      toolVersion: 24.0.1\n"
      "      command: true\n"
      "    environment:\n"
      "      - {key: PORT, val: 8080}\n"
      "      - {key: MODE, val: 010}\n"
      "      - {key: ON, val: no}\n"
      "      - {key: SURE, val: sure}\n"
      "      - {key: DAY, val: 2026-01-01}\n"
      "      - {key: QUOTED, val: '1'}\n"
      "    resources: {cpu: 2, memory: 129e6, storage: 1E}\n"
      "    timeout: 90\n"
      "    retries: 3\n"
      "    triggers:\n"
      "      schedule: 0 3 * * MON\n"
      "      timezone: Europe/Berlin\n"
      "      catchUp: true\n"
      "    matrix:\n"
      "      rate: [0.1, 0.10, 1, 01, yes, high]\n"
      "      include:\n"
      "        - rate: 3.10\n"
      "    description: ~\n"
      "    dependsOn: [1, a]\n"
      "    when: on\n",
      "tools: {poetry: \"1.8.3\", pip: \"24\"}\n"
      "tasks:\n"
      "  - name: \"2024\"\n"
      "    executor: !pip\n"
      "      pythonVersion: \"3.10\"\n"
      "      toolVersion: \"24.0.1\"\n"
      "      command: \"true\"\n"
      "    environment:\n"
      "      - {key: PORT, val: \"8080\"}\n"
      "      - {key: MODE, val: \"010\"}\n"
      "      - {key: \"ON\", val: \"no\"}\n"
      "      - {key: SURE, val: sure}\n"
      "      - {key: DAY, val: \"2026-01-01\"}\n"
      "      - {key: QUOTED, val: '1'}\n"
      "    resources: {cpu: 2, memory: 129e6, storage: 1E}\n"
      "    timeout: 90\n"
      "    retries: 3\n"
      "    triggers:\n"
      "      schedule: \"0 3 * * MON\"\n"
      "      timezone: Europe/Berlin\n"
      "      catchUp: true\n"
      "    matrix:\n"
      "      rate: [0.1, \"0.10\", 1, \"01\", \"yes\", high]\n"
      "      include:\n"
      "        - rate: \"3.10\"\n"
      "    description: ~\n"
      "    dependsOn: [\"1\", a]\n"
      "    when: \"on\"\n");
}

TEST_CASE("aliases and merge keys keep pointing at the same") {
  check(
      "templates:\n"
      "  - &base\n"
      "    name: base\n"
      "    env: &env {A: 1}\n"
      "tasks:\n"
      "  - <<: *base\n"
      "    name: a\n"
      "    env: *env\n"
      "  - <<: {env: {B: 2}}\n"
      "    name: b\n",
      "templates:\n"
      "  - &base\n"
      "    name: base\n"
      "    environment: &env {A: \"1\"}\n"
      "tasks:\n"
      "  - <<: *base\n"
      "    name: a\n"
      "    environment: *env\n"
      "  - <<: {environment: {B: \"2\"}}\n"
      "    name: b\n");
}

TEST_CASE("a value that is used as two things keeps its spelling") {
  check(
      "tasks:\n"
      "- name: a\n"
      "  secrets: [!file &both {path: x}]\n"
      "  artifactCfg: {paths: [*both]}\n",
      "tasks:\n"
      "  - name: a\n"
      "    secrets: [!file &both {path: x}]\n"
      "    artifactCfg: {paths: [*both]}\n");
}

TEST_CASE("line ends and byte order marks of other systems go") {
  check(
      "\xef\xbb\xbf"
      "a: 1\r\nb: |\r\n  x\r\n\r\n  y\r\n# c\r\n",
      "a: 1\nb: |\n  x\n\n  y\n# c\n");
}

TEST_CASE("several projects in one file are all spelled") {
  check("name: a\n---\nname: b\n", "project: a\n---\nproject: b\n");
}

TEST_CASE("the repairs come first where they are asked for") {
  const FormatResult result = formatted("tasks:\r\n- name: a\r\n  !pipEnv\r\n  executor:\r\n", Slips::repair);
  CHECK(result.text == "tasks:\n  - name: a\n    executor:\n      !pipenv\n");
  CHECK(result.repairs == std::vector<schema::Repair>{{3, "moved the tag `!pipEnv` below `executor:`"}});
  CHECK_THROWS_AS(formatted("a: 1\n b: 2\n"), Error);
}
