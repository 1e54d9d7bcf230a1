// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "core/files/artifact_selection.hpp"
#include "core/files/tree.hpp"

namespace ame {
namespace {

TreeEntry file(const char* path, std::int64_t changed = 1) {
  return {.path = path, .mode = 0644, .size = 3, .inode = 7, .modified_ns = 1, .changed_ns = changed};
}

std::vector<std::string> selected(const std::vector<ArtifactPath>& paths, const Tree& tree) {
  std::vector<std::string> found;
  for (const std::size_t index : select_artifacts(paths, tree).entries) {
    found.push_back(tree[index].path);
  }
  return found;
}

const Tree outcome = {file("-rf"),
                      file("metrics-1.json"),
                      file("metrics-2.json"),
                      file("model.pkl"),
                      file("plots/a.png"),
                      file("plots/deep/b.png"),
                      file("plots.txt")};

}  // namespace

TEST_CASE("what happened to a tree is told apart") {
  const Tree before = {file("a"), file("b"), file("d")};
  const Tree after = {file("a"), file("b", 2), file("c")};
  CHECK(compare_trees(before, after) == TreeChanges{.created = {2}, .touched = {1}, .deleted = {"d"}});
  CHECK(compare_trees(after, after) == TreeChanges{});
  CHECK(compare_trees({}, before).created.size() == 3);
}

TEST_CASE("a path means a file or all below a directory") {
  CHECK(selected({{.path = "model.pkl"}}, outcome) == std::vector<std::string>{"model.pkl"});
  CHECK(selected({{.path = "plots"}}, outcome) == std::vector<std::string>{"plots/a.png", "plots/deep/b.png"});
  CHECK(selected({{.path = "./plots/"}}, outcome) == std::vector<std::string>{"plots/a.png", "plots/deep/b.png"});
  CHECK(selected({{.path = "."}}, outcome).size() == outcome.size());
  CHECK(selected({{.path = "-rf"}}, outcome) == std::vector<std::string>{"-rf"});
}

TEST_CASE("a pattern means what it matches, with all below") {
  CHECK(selected({{.path = "metrics-*.json"}}, outcome) ==
        std::vector<std::string>{"metrics-1.json", "metrics-2.json"});
  CHECK(selected({{.path = "**/*.png"}}, outcome) == std::vector<std::string>{"plots/a.png", "plots/deep/b.png"});
  CHECK(selected({{.path = "plot?"}}, outcome) == std::vector<std::string>{"plots/a.png", "plots/deep/b.png"});
}

TEST_CASE("what two paths mean is kept once") {
  CHECK(selected({{.path = "plots"}, {.path = "plots/a.png"}}, outcome).size() == 2);
}

TEST_CASE("a path that means nothing is missing, unless it is optional") {
  const auto selection =
      select_artifacts({{.path = "gone"}, {.path = "*.csv"}, {.path = "no", .optional = true}}, outcome);
  CHECK(selection.missing == std::vector<std::string>{"gone", "*.csv"});
}

TEST_CASE("a path that leads out is known by its writing") {
  CHECK(stays_inside("a/b"));
  CHECK(stays_inside("a/..b"));
  CHECK_FALSE(stays_inside("/etc/passwd"));
  CHECK_FALSE(stays_inside("a/../../b"));
}

}  // namespace ame
