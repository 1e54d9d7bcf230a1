// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "core/system/process_table.hpp"

namespace ame {

namespace {

constexpr pid_t ame_itself = 10;

ProcessEntry entry(pid_t pid, pid_t parent, pid_t group) {
  return {.pid = pid, .parent = parent, .group = group, .session = 1, .started = 1};
}

std::vector<pid_t> numbers(const std::vector<ProcessEntry>& entries) {
  std::vector<pid_t> found;
  for (const ProcessEntry& found_entry : entries) {
    found.push_back(found_entry.pid);
  }
  return found;
}

ProcessTree tree_of(pid_t root) {
  return {.root = root, .mark = {.variable = "AME_TREE=none", .stamp = 1}, .adopter = ame_itself};
}

}  // namespace

TEST_CASE("a process is read whatever it calls itself", "[process]") {
  const auto found = parse_process_stat(
      "42 (a) b (c)) S 1 40 39 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 1000 200 18446744073709551615");
  REQUIRE(found.has_value());
  CHECK(*found == ProcessEntry{.pid = 42, .parent = 1, .group = 40, .session = 39, .started = 987654});
  CHECK(parse_process_stat("42 (x) Z 1 40 39 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 5 0")->is_zombie);
  CHECK(parse_process_stat("42 (x) R 1 40 39 0 -1 4194564 1 2 3 4 5 6 7 8 20 0 1 0 5 0")->is_exiting);
}

TEST_CASE("an orphan that is about to end still counts, though its mark cannot be read any more", "[process]") {
  ProcessTable table = {{.pid = 999'999'999, .parent = ame_itself}};
  CHECK(members_of(tree_of(42), table, {}).empty());
  table[0].is_exiting = true;
  CHECK(members_of(tree_of(42), table, {}) == table);
}

TEST_CASE("what is no process is none", "[process]") {
  CHECK_FALSE(parse_process_stat("").has_value());
  CHECK_FALSE(parse_process_stat("42 (x").has_value());
  CHECK_FALSE(parse_process_stat("42 (x) S 1").has_value());
  CHECK_FALSE(read_process(0).has_value());
  CHECK(read_process(::getpid())->parent == ::getppid());
}

TEST_CASE("a tree is its group with all that is below it", "[process]") {
  const ProcessTable table = {entry(10, 1, 10),
                              entry(20, 10, 20),
                              entry(21, 20, 21),
                              entry(22, 21, 22),
                              entry(23, 1, 20),
                              entry(30, 10, 30),
                              entry(31, 30, 30)};
  CHECK(numbers(members_of(tree_of(20), table, {20, 30})) == std::vector<pid_t>{20, 21, 22, 23});
  CHECK(numbers(members_of(tree_of(30), table, {20, 30})) == std::vector<pid_t>{30, 31});
}

TEST_CASE("what has ended is no member, what is below it still is", "[process]") {
  ProcessTable table = {entry(20, 10, 20), entry(21, 20, 21), entry(22, 21, 22)};
  table[1].is_zombie = true;
  CHECK(numbers(members_of(tree_of(20), table, {20})) == std::vector<pid_t>{20, 22});
}

TEST_CASE("a number that was given anew names a stranger", "[process]") {
  ProcessTree tree = tree_of(20);
  tree.root_was_collected = true;
  CHECK(members_of(tree, {entry(20, 1, 20), entry(21, 20, 20)}, {}).empty());
  CHECK(numbers(members_of(tree, {entry(21, 1, 20)}, {})) == std::vector<pid_t>{21});
}

TEST_CASE("orphans are the children that nobody started", "[process]") {
  const ProcessTable table = {
      entry(10, 1, 10), entry(20, 10, 20), entry(21, 20, 20), entry(40, 10, 40), entry(41, 40, 41)};
  CHECK(numbers(orphans_of(ame_itself, table, {20})) == std::vector<pid_t>{40, 41});
}

}  // namespace ame
