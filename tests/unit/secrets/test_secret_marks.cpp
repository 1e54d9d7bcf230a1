// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>

#include <catch2/catch.hpp>

#include "core/secrets/key_stanza.hpp"
#include "core/secrets/secret_marks.hpp"
#include "tests/support/memory_file_locks.hpp"
#include "tests/support/memory_file_system.hpp"

namespace ame {

namespace {

std::vector<StepSecret> secrets(const std::string& variable, const std::string& value) {
  std::vector<StepSecret> list;
  list.push_back({.variable = variable, .value = std::make_shared<const SecretText>(value)});
  return list;
}

}  // namespace

TEST_CASE("a mark changes with a secret and where it goes, and with nothing else") {
  const SecretText key = random_secret_key();
  const std::string mark = mark_of(secrets("TOKEN", "value"), key);
  CHECK(mark.size() == 32);
  CHECK(mark == mark_of(secrets("TOKEN", "value"), key));
  CHECK(mark != mark_of(secrets("TOKEN", "rotated"), key));
  CHECK(mark != mark_of(secrets("OTHER", "value"), key));
  CHECK(mark_of(secrets("AB", "C"), key) != mark_of(secrets("A", "BC"), key));
  CHECK(mark_of({}, key).empty());
}

TEST_CASE("who does not have the key learns nothing from a mark") {
  CHECK(mark_of(secrets("TOKEN", "value"), random_secret_key()) !=
        mark_of(secrets("TOKEN", "value"), random_secret_key()));
}

TEST_CASE("the key of marks is made once, for the user alone") {
  MemoryFileSystem files;
  MemoryFileLocks locks;
  const SecretText first = key_of_marks("/state/secrets/marks.key", files, locks);
  const SecretText second = key_of_marks("/state/secrets/marks.key", files, locks);
  CHECK(first.same_as(second));
  CHECK(files.status("/state/secrets/marks.key").mode == 0600);
}

}  // namespace ame
