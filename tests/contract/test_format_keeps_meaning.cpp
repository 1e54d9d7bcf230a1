// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "cli/render/task_text.hpp"
#include "core/error.hpp"
#include "schema/format/format.hpp"
#include "schema/load.hpp"
#include "tests/support/known_texts.hpp"
#include "tests/support/memory_file_system.hpp"

namespace ame {

namespace {

/// What a file means, in full; or that it means nothing.
std::string meaning_of(const std::string& text) {
  MemoryFileSystem files;
  files.add("/project/ame.yml", text);
  try {
    const Project project = schema::load_project(files, "/project/ame.yml", {.shown_from = "/project"}).project;
    std::string meaning = project.name.text() + "\n";
    for (const auto& task : project.tasks) {
      meaning += cli::task_yaml(*task);
    }
    return meaning;
  } catch (const Error&) {
    return "nothing";
  }
}

schema::FormatResult formatted(const std::string& text) {
  return schema::format_project_text({.file = "ame.yml", .text = text}, {.slips = schema::Slips::repair});
}

bool can_be_formatted(const std::string& text) {
  try {
    formatted(text);
    return true;
  } catch (const Error&) {
    return false;
  }
}

/// Seven slips at once: of tags, indentation, quotes, names.
constexpr const char* sloppy = R"(name: shop
tasks:
- name: nightly
  triggers:
      schedule: */5 * * * *  # often
  taskref: both
- name: both
  pipeline:
  - - taskref: one
    - taskref: two
  - taskref: three
- name: one
    executor:
      !pipEnv
      command: python one.py
    resources:
      memory: 4G
- name: two
    executor:
      !poetry
      pythonVersion: 3.10
      command: python two.py
- name: three
  !pip
  executor:
    pythonVersion: 3.11
    command: python three.py
)";

}  // namespace

TEST_CASE("the usual form means the same, and is its own usual form", "[contract]") {
  std::size_t formatted_texts = 0;
  for (const std::string& text : known_texts()) {
    if (!can_be_formatted(text)) {
      continue;
    }
    INFO(text);
    const schema::FormatResult result = formatted(text);
    CHECK(result.warnings.empty());
    CHECK(formatted(result.text).text == result.text);
    if (result.repairs.empty()) {
      CHECK(meaning_of(result.text) == meaning_of(text));
    }
    ++formatted_texts;
  }
  CHECK(formatted_texts > 0);
}

TEST_CASE("a file with every known slip loads once it is repaired", "[contract]") {
  CHECK(meaning_of(sloppy) == "nothing");
  const schema::FormatResult result = formatted(sloppy);
  CHECK(result.repairs.size() == 4);
  CHECK(result.text == R"(project: shop
tasks:
  - name: nightly
    triggers:
      schedule: "*/5 * * * *" # often
    taskRef: both
  - name: both
    pipeline:
      - - taskRef: one
        - taskRef: two
      - taskRef: three
  - name: one
    executor:
      !pipenv
      command: python one.py
    resources:
      memory: 4G
  - name: two
    executor:
      !poetry
      pythonVersion: "3.10"
      command: python two.py
  - name: three
    executor:
      !pip
      pythonVersion: "3.11"
      command: python three.py
)");
  CHECK(meaning_of(result.text) != "nothing");
}

}  // namespace ame
