// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "core/files/ignore_rules.hpp"
#include "tests/support/temporary_directory.hpp"

namespace ame {
namespace {

namespace fs = std::filesystem;

std::string any_of(std::mt19937& random, const std::vector<std::string>& choices) {
  return choices[std::uniform_int_distribution<std::size_t>(0, choices.size() - 1)(random)];
}

std::string random_pattern(std::mt19937& random) {
  static const std::vector<std::string> names = {"a", "b", "*", "a*", "?", "[ab]", "[!a]", "**", "ab", "*b", "\\a"};
  std::string pattern = any_of(random, {"", "", "", "!", "/", "!/"});
  pattern += any_of(random, names);
  while (std::uniform_int_distribution<int>(0, 2)(random) == 0) {
    pattern += "/" + any_of(random, names);
  }
  return pattern + any_of(random, {"", "", "/"});
}

std::vector<std::string> every_path(int depth) {
  std::vector<std::string> paths;
  std::vector<std::string> level = {""};
  for (int current = 0; current < depth; ++current) {
    std::vector<std::string> next;
    for (const std::string& parent : level) {
      for (const char* name : {"a", "b", "ab"}) {
        next.push_back(parent.empty() ? name : parent + "/" + name);
      }
    }
    paths.insert(paths.end(), next.begin(), next.end());
    level = next;
  }
  return paths;
}

}  // namespace

TEST_CASE("what is ignored is what git ignores") {
  const TemporaryDirectory directory;
  const fs::path top = directory.path();
  const std::string in_top = "cd '" + top.string() + "' && HOME=/nowhere XDG_CONFIG_HOME=/nowhere ";
  REQUIRE(std::system((in_top + "git init -q .").c_str()) == 0);
  const std::vector<std::string> paths = every_path(3);
  for (const std::string& path : paths) {
    const bool is_file = std::ranges::count(path, '/') == 2;
    if (is_file) {
      fs::create_directories((top / path).parent_path());
      std::ofstream(top / path) << "x";
    }
  }
  {
    std::ofstream list(top / ".git/paths");
    for (const std::string& path : paths) {
      list << path << "\n";
    }
  }
  std::mt19937 random(20261121);
  for (int round = 0; round < 150; ++round) {
    std::string rules;
    for (int line = 0; line < 4; ++line) {
      rules += random_pattern(random) + "\n";
    }
    std::ofstream(top / ".gitignore") << rules;
    // 1 is the answer that nothing is ignored.
    REQUIRE(std::system((in_top + "git check-ignore --stdin <.git/paths >.git/answer; test $? -le 1").c_str()) == 0);
    std::set<std::string> by_git;
    std::ifstream answer(top / ".git/answer");
    for (std::string path; std::getline(answer, path);) {
      by_git.insert(path);
    }
    IgnoreRules ignore;
    ignore.add(rules);
    std::set<std::string> by_us;
    for (const std::string& path : paths) {
      const bool is_file = std::ranges::count(path, '/') == 2;
      if (ignore.ignores(path, is_file ? PathKind::file : PathKind::directory)) {
        by_us.insert(path);
      }
    }
    INFO(rules);
    CHECK(by_us == by_git);
  }
}

}  // namespace ame
