// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ame {

enum class PathKind { file, directory };

/// Which files of a tree do not count, in the syntax of .gitignore: comments, `!` to take back, `/` to anchor or to
/// mean directories only, `*`, `?`, `[a-z]`, `**`, and backslashes. Source: gitignore(5), whose answers a test
/// compares.
class IgnoreRules {
 public:
  /// Adds the lines of an ignore file that lies in `base`, relative to the tree's top ("" for the top itself). Later
  /// lines win over earlier ones, so add outer files before inner ones.
  void add(std::string_view text, std::string_view base = "");

  /// Whether the path, relative to the tree's top with `/` between its parts, is ignored by a rule that matches it.
  /// Says nothing of its parents: a walk does not enter an ignored directory.
  [[nodiscard]] bool matches(std::string_view path, PathKind kind) const;

  /// As a walk would find it: ignored itself, or below a directory that is. What lies there cannot be taken back.
  [[nodiscard]] bool ignores(std::string_view path, PathKind kind) const;

  [[nodiscard]] bool empty() const { return rules_.empty(); }

 private:
  struct Rule {
    std::string base;                   ///< "" or "dir/"
    std::vector<std::string> segments;  ///< of the pattern; "**" stands for any number of directories
    bool takes_back = false;
    bool directories_only = false;
    bool by_name = false;  ///< one segment that may match at any depth
  };

  static bool rule_matches(const Rule& rule, std::string_view path);

  std::vector<Rule> rules_;
};

}  // namespace ame
