// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/text.hpp"

namespace ame {

TEST_CASE("counts agree with their noun") {
  CHECK(counted(1, "task") == "1 task");
  CHECK(counted(0, "task") == "0 tasks");
  CHECK(counted(12, "task") == "12 tasks");
}

TEST_CASE("lists read as a sentence") {
  CHECK(one_of({}).empty());
  CHECK(one_of({"a"}) == "`a`");
  CHECK(one_of({"a", "b"}) == "`a` or `b`");
  CHECK(all_of({"a", "b", "c"}) == "`a`, `b` and `c`");
}

TEST_CASE("the nearest word is found whatever kind of slip it was") {
  const std::vector<std::string> words = {"prepare_dataset_one", "prepare_dataset_two", "train", "evaluate"};
  CHECK(nearest("prepare_datast_two", words) == "prepare_dataset_two");  // lost
  CHECK(nearest("traain", words) == "train");                            // added
  CHECK(nearest("trian", words) == "train");                             // swapped
  CHECK(nearest("TRAIN", words) == "train");                             // case
  CHECK(nearest("evaluats", words) == "evaluate");                       // changed
}

TEST_CASE("nothing is suggested where nothing is near") {
  CHECK_FALSE(nearest("deploy", {"train", "evaluate"}));
  CHECK_FALSE(nearest("a", {"b"}));
  CHECK_FALSE(nearest("", {"a"}));
  CHECK(did_you_mean("deploy", {"train"}).empty());
  CHECK(did_you_mean("trian", {"train"}) == "did you mean `train`?");
}

TEST_CASE("a quoted word is one word to a shell") {
  CHECK(shell_quoted("lr=0.1") == "lr=0.1");
  CHECK(shell_quoted("") == "''");
  CHECK(shell_quoted("two words") == "'two words'");
  CHECK(shell_quoted("it's $HOME") == "'it'\\''s $HOME'");
}

}  // namespace ame
