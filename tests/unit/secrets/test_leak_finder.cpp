// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <catch2/catch.hpp>

#include "core/secrets/leak_finder.hpp"

namespace ame {

TEST_CASE("a secret is found in every form, with its line and how many more there are") {
  LeakFinder finder;
  CHECK(finder.add("token", SecretText("correct horse battery")));
  CHECK(finder.add("key", SecretText("-----BEGIN-----\nabcdefghijkl\n-----END-----")));
  CHECK_FALSE(finder.add("pin", SecretText("1234")));
  finder.prepare();
  CHECK(finder.find("nothing\nhere 1234\n").empty());
  CHECK(finder.find("a\nb\nurl?x=correct%20horse%20battery\n") == std::vector<Leak>{{"token", 3, 0}});
  CHECK(finder.find("Y29ycmVjdCBob3JzZSBiYXR0ZXJ5\ncorrect horse battery\n") == std::vector<Leak>{{"token", 1, 1}});
  CHECK(finder.find("x abcdefghijkl y") == std::vector<Leak>{{"key", 1, 0}});
  CHECK(finder.find(std::string("\0\n\ncorrect horse battery", 24)) == std::vector<Leak>{{"token", 0, 0}});
}

TEST_CASE("a place that holds a secret is shown without it") {
  LeakFinder finder;
  CHECK(finder.shown("out/correct horse battery.txt") == "out/correct horse battery.txt");
  CHECK(finder.add("token", SecretText("correct horse battery")));
  finder.prepare();
  CHECK(finder.shown("out/correct horse battery.txt") == "out/***.txt");
  CHECK(finder.shown("out/other.txt") == "out/other.txt");
}

}  // namespace ame
