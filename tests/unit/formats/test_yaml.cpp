// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/unit/formats/parsed.hpp"

namespace ame::test {

TEST_CASE("text stays as it was written, whatever YAML 1.1 would make of it") {
  const Document document = yaml("[3.10, no, on, 010, 1e3, 0x10, 2024-01-01, 1_000]");
  CHECK(outline(document.root()) == "[3.10, no, on, 010, 1e3, 0x10, 2024-01-01, 1_000]");
}

TEST_CASE("quotes are told from plain text, and escapes in them are read") {
  CHECK(outline(yaml(R"(["a", 'b', c, "", '', "d\te", 'it''s', "~"])").root()) ==
        "[\"a\", \"b\", c, \"\", \"\", \"d\te\", \"it's\", \"~\"]");
  CHECK(outline(yaml("a: |\n  one\n  two\nb: >-\n  one\n  two\n").root()) == "{a: \"one\ntwo\n\", b: \"one two\"}");
}

TEST_CASE("nothing, a tilde and null are null, and keep what was written") {
  const Document document = yaml("a:\nb: ~\nc: null\nd: [ , 1]\n");
  CHECK(outline(document.root()) == "{a: null, b: null, c: null, d: [null, 1]}");
  CHECK(document.root().find("a")->scalar.empty());
  CHECK(document.root().find("b")->scalar == "~");
  CHECK(document.root().find("c")->scalar == "null");
}

TEST_CASE("a key that looks like null is a text") {
  CHECK(outline(yaml("null: 1\n~: 2\n").root()) == "{null: 1, ~: 2}");
}

TEST_CASE("an empty file is one document that says nothing") {
  for (const char* text : {"", "\n", "# nothing\n", "---\n", "\xef\xbb\xbf"}) {
    INFO(text);
    CHECK(outline(yaml(text).root()) == "null");
  }
}

TEST_CASE("the three ways to write a tagged mapping are equal") {
  const std::string same = "{executor: !poetry {pythonVersion: 3.11, command: python train.py}}";
  CHECK(outline(yaml("executor:\n  !poetry\n  pythonVersion: 3.11\n  command: python train.py\n").root()) == same);
  CHECK(outline(yaml("executor: !poetry\n  pythonVersion: 3.11\n  command: python train.py\n").root()) == same);
  CHECK(outline(yaml("executor: !poetry {pythonVersion: 3.11, command: python train.py}\n").root()) == same);
  CHECK(outline(yaml("executor:  # c\n  !poetry  # c\n  pythonVersion: 3.11  # c\n  command: python train.py # c\n")
                    .root()) == same);
}

TEST_CASE("a tag with nothing behind it is an empty text") {
  CHECK(outline(yaml("executor: !mlflow\n").root()) == "{executor: !mlflow }");
  CHECK(outline(yaml("- !ame # Secret stored by AME\n- x\n").root()) == "[!ame , x]");
  CHECK(outline(yaml("a: !x\n\"b\": 1\n").root()) == "{a: !x , \"b\": 1}");
}

TEST_CASE("a tagged text in quotes is known to be quoted") {
  CHECK(outline(yaml("[!env HOME, !env \"HOME\", !env '', !env \"\\n\"]").root()) ==
        "[!env HOME, !env \"HOME\", !env \"\", !env \"\n\"]");
}

TEST_CASE("YAML's own tags are no tags of the file") {
  CHECK(outline(yaml("[!!str 3.10, !!int 4, !!map {a: !!null ~}, !!seq []]").root()) == "[\"3.10\", 4, {a: null}, []]");
  CHECK(outline(yaml("[!!binary aGk=]").root()) == "[!tag:yaml.org,2002:binary aGk=]");
}

TEST_CASE("several anchors, tags and aliases meet") {
  CHECK(outline(yaml("a: &t !env HOME\nb: *t\nc: !x &u [*t, *t]\nd: *u\n").root()) ==
        "{a: !env HOME, b: !env HOME, c: !x [!env HOME, !env HOME], d: !x [!env HOME, !env HOME]}");
  CHECK(outline(yaml("&k name: 1\nother: *k\n").root()) == "{name: 1, other: name}");
}

TEST_CASE("merged keys stand where << stands, and own keys win") {
  CHECK(outline(yaml("d: &d {a: 1, b: 2}\ne: {<<: *d, b: 3, c: 4}\n").root()) ==
        "{d: {a: 1, b: 2}, e: {a: 1, b: 3, c: 4}}");
  CHECK(outline(yaml("d: &d {a: 1, b: 2}\ne: {b: 3, <<: *d}\n").root()) == "{d: {a: 1, b: 2}, e: {b: 3, a: 1}}");
}

TEST_CASE("of several merged mappings the first wins") {
  CHECK(outline(yaml("- &a {x: 1, y: 1}\n- &b {y: 2, z: 2}\n- {<<: [*a, *b, {z: 3, w: 3}]}\n").root()) ==
        "[{x: 1, y: 1}, {y: 2, z: 2}, {x: 1, y: 1, z: 2, w: 3}]");
}

TEST_CASE("a quoted << is a key like others") {
  CHECK(outline(yaml("{\"<<\": {a: 1}}").root()) == "{\"<<\": {a: 1}}");
}

TEST_CASE("lists may be indented differently from each other") {
  CHECK(outline(yaml("tasks:\n- a\nsecrets:\n     - !ame\n       key: k\n").root()) ==
        "{tasks: [a], secrets: [!ame {key: k}]}");
}

TEST_CASE("a byte order mark and CR LF change nothing") {
  const Document document = yaml("\xef\xbb\xbfname: a\r\ntext: |\r\n  one\r\n  two\r\nlist:\r\n- 1\r\n");
  CHECK(outline(document.root()) == "{name: a, text: \"one\ntwo\n\", list: [1]}");
  CHECK(place(document.root().entries[0].value) == "1:7+1");
}

TEST_CASE("a file may have several documents") {
  const auto documents = parse_yaml_documents(source("a: 1\n---\nb: 2\n---\n- 3\n...\n"));
  REQUIRE(documents.size() == 3);
  CHECK(outline(documents[0].root()) == "{a: 1}");
  CHECK(outline(documents[1].root()) == "{b: 2}");
  CHECK(outline(documents[2].root()) == "[3]");
  CHECK(place(documents[1].root()) == "3:1+1");
}

TEST_CASE("a document outlives the moves of its owner") {
  std::vector<Document> documents;
  for (int index = 0; index < 100; ++index) {
    documents.push_back(yaml("a: \"\\x41\"\nb: [x, \"y\\tz\"]\n"));
  }
  const Document last = std::move(documents.back());
  documents.clear();
  CHECK(outline(last.root()) == "{a: \"A\", b: [x, \"y\tz\"]}");
}

}  // namespace ame::test
