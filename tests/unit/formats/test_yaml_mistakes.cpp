// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/unit/formats/parsed.hpp"

namespace ame::test {

TEST_CASE("a key indented deeper than the one before is shown where it belongs") {
  CHECK(yaml_complaint(R"(tasks:
  - name: preprocessing
      executor:
        !poetry
        command: python prepare_data.py
      resources:
        memory: 4G
  - name: training
)") == R"(`executor` is indented deeper than `name` on the line before; they must line up
ame.yml:3:7
|       executor:
|       ^^^^^^^^
hint: write:
    - name: preprocessing
      executor:
        !poetry
        command: python prepare_data.py
      resources:
        memory: 4G
)");
}

TEST_CASE("a key indented too deep is noticed behind comments and quotes too") {
  CHECK(first_line(yaml_complaint("- name: a # c\n\n    executor: b\n")) ==
        "`executor` is indented deeper than `name` on line 1; they must line up");
  CHECK(first_line(yaml_complaint("- name: \"a\"\n    executor: b\n")) ==
        "`executor` is indented deeper than `name` on the line before; they must line up");
}

TEST_CASE("five stars are no schedule before they are quoted") {
  CHECK(yaml_complaint("triggers:\n  schedule: ***** # TODO some cron schedule\nexecutor: x\n") ==
        R"(`*****` without quotes is no text: `*` has a meaning of its own in YAML
ame.yml:2:13
|   schedule: ***** # TODO some cron schedule
|             ^^^^^
hint: quote it, five fields with spaces between, such as `"0 3 * * *"` for 3:00 each day:
    schedule: "* * * * *"
)");
}

TEST_CASE("schedules without quotes are shown with them") {
  CHECK(yaml_complaint("schedule: */5 * * * *\n") ==
        R"(`*/5 * * * *` without quotes is no text: `*` has a meaning of its own in YAML
ame.yml:1:11
| schedule: */5 * * * *
|           ^^^^^^^^^^^
hint: quote it, five fields with spaces between, such as `"0 3 * * *"` for 3:00 each day:
  schedule: "*/5 * * * *"
)");
  CHECK(first_line(yaml_complaint("- cron: * * * * *\n")) ==
        "`* * * * *` without quotes is no text: `*` has a meaning of its own in YAML");
  CHECK(yaml_complaint("schedule: @daily\n") ==
        R"(`@daily` without quotes is no text: `@` has a meaning of its own in YAML
ame.yml:1:11
| schedule: @daily
|           ^^^^^^
hint: quote it:
  schedule: "@daily"
)");
  CHECK(yaml_complaint("schedule: 0 3 * * *\n").empty());
}

TEST_CASE("a tag between the keys is shown below its own") {
  CHECK(yaml_complaint("tasks:\n  - name: x\n    !poetry\n    executor:\n      command: python\n") ==
        R"(the tag `!poetry` stands among the keys, where it belongs to none
ame.yml:3:5
|     !poetry
|     ^^^^^^^
hint: put it below `executor:`, deeper than it:
      executor:
        !poetry
        command: python
)");
  CHECK(yaml_complaint("tasks:\n  - name: x\n    !pip\n    command: python\n  - name: y\n") ==
        R"(the tag `!pip` stands among the keys, where it belongs to none
ame.yml:3:5
|     !pip
|     ^^^^
hint: put it below `executor:`, deeper than it:
      executor:
        !pip
        command: python
)");
}

TEST_CASE("two projects in one file are told apart") {
  CHECK(yaml_complaint("project: one\ntasks: []\n\nproject: two\ntemplates: []\n") ==
        R"(key `project` stands on line 1 and again on line 4
ame.yml:4:1
| project: two
| ^^^^^^^
ame.yml:1:1
| project: one
| ^^^^^^^ first here
hint: if these are two files joined into one, keep them in two files, or put a line `---` between them
)");
}

TEST_CASE("duplicate keys further in are told with both places, all of them") {
  CHECK(yaml_complaint("a: {x: 1, x: 2}\nb:\n  y: 1\n  \"y\": 2\n") ==
        R"(key `x` stands twice on line 1
ame.yml:1:11
| a: {x: 1, x: 2}
|           ^
ame.yml:1:5
| a: {x: 1, x: 2}
|     ^ first here
hint: keep one of the two
key `y` stands on line 3 and again on line 4
ame.yml:4:3
|   "y": 2
|   ^^^
ame.yml:3:3
|   y: 1
|   ^ first here
hint: keep one of the two
)");
  CHECK(yaml_complaint("<<: {a: 1}\n<<: {b: 1}\n").find("hint: merge several mappings with a list") !=
        std::string::npos);
}

TEST_CASE("a tab in the indentation is shown, with the line as it should be") {
  CHECK(yaml_complaint("tasks:\n\t- name: x\n") ==
        "a tab stands in the indentation, where YAML knows only spaces\n"
        "ame.yml:2:1\n"
        "| \t- name: x\n"
        "| ^\n"
        "hint: indent with spaces:\n"
        "    - name: x\n");
  CHECK(first_line(yaml_complaint("a:\n  b: 1\n\tc: 1\n")) ==
        "a tab stands in the indentation, where YAML knows only spaces");
}

TEST_CASE("a quote that is never closed is an error, though the parser does not mind") {
  CHECK(yaml_complaint("name: \"train\nexecutor: x\n") == R"(the quote that is opened here is never closed
ame.yml:1:7
| name: "train
|       ^^^^^^
hint: close it: `"train"`
)");
  CHECK(first_line(yaml_complaint("a: '\n\n")) == "the quote that is opened here is never closed");
}

TEST_CASE("a quote that another one closes by chance is found") {
  CHECK(yaml_complaint("name: \"train\ncommand: \"python\"\n") == R"(the quote that is opened here goes on until line 2
ame.yml:1:7
| name: "train
|       ^^^^^^
hint: close it: `"train"`
)");
}

TEST_CASE("text behind a closing quote is shown in quotes of another kind") {
  CHECK(yaml_complaint("command: \"my tool\" --fast\n") ==
        R"(the text ends at its closing quote, and more follows `"my tool"`
ame.yml:1:20
| command: "my tool" --fast
|                    ^^^^^^
hint: quote all of it:
  command: '"my tool" --fast'
)");
  CHECK(yaml_complaint("text: 'it's'\n") == R"(the text ends at its closing quote, and more follows `'it'`
ame.yml:1:11
| text: 'it's'
|           ^^
hint: quote all of it:
  text: "it's"
)");
}

TEST_CASE("a colon inside a text asks for quotes") {
  CHECK(yaml_complaint("command: echo a: b # c\n") ==
        R"(a text with `: ` in it needs quotes, or it reads as another key
ame.yml:1:10
| command: echo a: b # c
|          ^^^^^^^^^
hint: write:
  command: "echo a: b"
)");
}

TEST_CASE("a line without a colon is neither key nor value") {
  CHECK(yaml_complaint("name: a\nexecutor\nresources: b\n") ==
        R"(`executor` has no `:` behind it, so it is neither a key nor a value
ame.yml:2:1
| executor
| ^^^^^^^^
hint: write `executor: value`, or remove the line
)");
  CHECK(first_line(yaml_complaint("name: a\nexecutor\n")) ==
        "`executor` has no `:` behind it, so it is neither a key nor a value");
  CHECK(yaml_complaint("name:a\nexecutor: b\n") == R"(a space is missing after `name:`
ame.yml:1:1
| name:a
| ^^^^^^
hint: write:
  name: a
)");
}

TEST_CASE("keys without values in braces and behind question marks are fine") {
  CHECK(outline(yaml("a: {b, c: , \"d\"}\n? e\n").root()) == "{a: {b: null, c: null, \"d\": null}, e: null}");
}

}  // namespace ame::test
