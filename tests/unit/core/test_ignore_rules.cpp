// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/files/ignore_rules.hpp"
#include "core/files/wildcard.hpp"

namespace ame {
namespace {

bool ignored(std::string_view rules, std::string_view path, PathKind kind = PathKind::file) {
  IgnoreRules ignore;
  ignore.add(rules);
  return ignore.ignores(path, kind);
}

}  // namespace

TEST_CASE("a name without a slash is meant at any depth") {
  CHECK(ignored("*.pyc", "a.pyc"));
  CHECK(ignored("*.pyc", "deep/down/a.pyc"));
  CHECK_FALSE(ignored("*.pyc", "a.py"));
  CHECK(ignored("data", "src/data/x.csv"));
}

TEST_CASE("a slash anchors a pattern where its file lies") {
  CHECK(ignored("/data", "data"));
  CHECK_FALSE(ignored("/data", "src/data"));
  CHECK(ignored("src/data", "src/data"));
  CHECK_FALSE(ignored("src/data", "lib/src/data"));
  IgnoreRules inner;
  inner.add("/out\n", "src");
  CHECK(inner.ignores("src/out", PathKind::file));
  CHECK_FALSE(inner.ignores("out", PathKind::file));
}

TEST_CASE("a slash at the end means directories only") {
  CHECK(ignored("build/", "build", PathKind::directory));
  CHECK(ignored("build/", "build/x.o"));
  CHECK_FALSE(ignored("build/", "build", PathKind::file));
}

TEST_CASE("what was ignored can be taken back, but not below an ignored directory") {
  CHECK_FALSE(ignored("*.csv\n!keep.csv\n", "keep.csv"));
  CHECK(ignored("*.csv\n!keep.csv\n", "other.csv"));
  CHECK(ignored("data/\n!data/keep.csv\n", "data/keep.csv"));
  CHECK_FALSE(ignored("data/*\n!data/keep.csv\n", "data/keep.csv"));
}

TEST_CASE("two stars mean any number of directories") {
  CHECK(ignored("**/logs", "logs"));
  CHECK(ignored("**/logs", "a/b/logs"));
  CHECK(ignored("a/**/b", "a/b"));
  CHECK(ignored("a/**/b", "a/x/y/b"));
  CHECK(ignored("a/**", "a/x/y"));
  CHECK_FALSE(ignored("a/**", "a", PathKind::directory));
}

TEST_CASE("one star stays within a directory") {
  CHECK(ignored("src/*.o", "src/a.o"));
  CHECK_FALSE(ignored("src/*.o", "src/deep/a.o"));
}

TEST_CASE("comments, blanks and escapes are read as git reads them") {
  CHECK_FALSE(ignored("# a.txt", "# a.txt"));
  CHECK(ignored("\\# a.txt", "# a.txt"));
  CHECK(ignored("\\!a.txt", "!a.txt"));
  CHECK(ignored("a.txt   ", "a.txt"));
  CHECK(ignored("a\\ ", "a "));
  CHECK(ignored("a.txt\r\n", "a.txt"));
  CHECK_FALSE(ignored("", "a.txt"));
  CHECK_FALSE(ignored("/", "a.txt"));
}

TEST_CASE("sets of letters match one of them") {
  CHECK(wildcard_matches("file[0-9].txt", "file7.txt"));
  CHECK_FALSE(wildcard_matches("file[!0-9].txt", "file7.txt"));
  CHECK(wildcard_matches("[]-]", "]"));
  CHECK(wildcard_matches("[[:upper:]]x", "Ax"));
  CHECK_FALSE(wildcard_matches("[[:upper:]]x", "ax"));
  CHECK_FALSE(wildcard_matches("[a", "a"));
}

TEST_CASE("a pattern full of stars takes no longer for it") {
  const std::string name(20'000, 'a');
  std::string pattern;
  for (int count = 0; count < 200; ++count) {
    pattern += "*a";
  }
  CHECK(wildcard_matches(pattern, name));
  CHECK_FALSE(wildcard_matches(pattern + "b", name));
}

}  // namespace ame
