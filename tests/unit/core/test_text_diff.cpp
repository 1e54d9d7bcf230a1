// SPDX-License-Identifier: Apache-2.0
#include <random>

#include <catch2/catch.hpp>

#include "core/line_matching.hpp"
#include "core/text_diff.hpp"

using namespace ame;

namespace {

std::string diff(std::string_view before, std::string_view after) {
  return unified_diff(before, after, {"a/ame.yml", "b/ame.yml"});
}

const std::string names = "--- a/ame.yml\n+++ b/ame.yml\n";

std::string numbered_lines(int count) {
  std::string text;
  for (int line = 1; line <= count; ++line) {
    text += std::to_string(line) + "\n";
  }
  return text;
}

/// What `patch` would make of a diff of whole lines.
class Patch {
 public:
  explicit Patch(const std::string& before)
      : before_(lines_with_ends(before)) {}

  std::string apply(const std::string& diff) {
    const std::vector<std::string_view> lines = lines_with_ends(diff);
    for (std::size_t line = 2; line < lines.size(); ++line) {
      lines[line].starts_with("@@ -") ? begin_hunk(lines[line]) : apply_line(lines[line]);
    }
    keep_until(before_.size());
    return after_;
  }

 private:
  void begin_hunk(std::string_view header) {
    const std::size_t first = std::stoul(std::string(header.substr(4)));
    const bool takes_nothing = header.substr(0, header.find(" +")).ends_with(",0");
    keep_until(first - (takes_nothing ? 0 : 1));
  }

  void apply_line(std::string_view line) {
    if (line.front() != '+') {
      REQUIRE(before_.at(taken_) == line.substr(1));
      ++taken_;
    }
    after_ += line.front() == '-' ? std::string_view() : line.substr(1);
  }

  void keep_until(std::size_t line) {
    for (; taken_ < line; ++taken_) {
      after_ += before_[taken_];
    }
  }

  std::vector<std::string_view> before_;
  std::string after_;
  std::size_t taken_ = 0;
};

std::string patched(const std::string& before, const std::string& diff) {
  return diff.empty() ? before : Patch(before).apply(diff);
}

}  // namespace

TEST_CASE("equal texts have no difference") {
  CHECK(diff("a\n", "a\n").empty());
  CHECK(diff("", "").empty());
}

TEST_CASE("a changed line is shown with three lines around it") {
  std::string after = numbered_lines(20);
  after.replace(after.find("10\n"), 2, "ten");
  CHECK(diff(numbered_lines(20), after) == names + "@@ -7,7 +7,7 @@\n 7\n 8\n 9\n-10\n+ten\n 11\n 12\n 13\n");
}

TEST_CASE("changes that are near share their context, and those that are far do not") {
  std::string after = numbered_lines(30);
  after.replace(after.find("\n10\n"), 4, "\nten\n");
  after.replace(after.find("\n17\n"), 4, "\nseventeen\n");
  CHECK(diff(numbered_lines(30), after) ==
        names +
            "@@ -7,14 +7,14 @@\n 7\n 8\n 9\n-10\n+ten\n 11\n 12\n 13\n 14\n 15\n 16\n-17\n+seventeen\n 18\n 19\n 20\n");
  after = numbered_lines(30);
  after.replace(after.find("\n10\n"), 4, "\nten\n");
  after.replace(after.find("\n18\n"), 4, "\neighteen\n");
  CHECK(diff(numbered_lines(30), after) == names +
                                               "@@ -7,7 +7,7 @@\n 7\n 8\n 9\n-10\n+ten\n 11\n 12\n 13\n"
                                               "@@ -15,7 +15,7 @@\n 15\n 16\n 17\n-18\n+eighteen\n 19\n 20\n 21\n");
}

TEST_CASE("lines that come or go are counted as `patch` does") {
  CHECK(diff("", "a\nb\n") == names + "@@ -0,0 +1,2 @@\n+a\n+b\n");
  CHECK(diff("a\n", "") == names + "@@ -1 +0,0 @@\n-a\n");
  CHECK(diff("a\nb\n", "a\nx\nb\n") == names + "@@ -1,2 +1,3 @@\n a\n+x\n b\n");
  CHECK(diff("a\nb\n", "b\n") == names + "@@ -1,2 +1 @@\n-a\n b\n");
}

TEST_CASE("a missing line end is told") {
  CHECK(diff("a", "a\n") == names + "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
  CHECK(diff("a\nb", "x\nb") == names + "@@ -1,2 +1,2 @@\n-a\n+x\n b\n\\ No newline at end of file\n");
}

TEST_CASE("a block that is added is shown whole, whatever lines it shares with its neighbours") {
  CHECK(diff("a:\n  x: 1\n\nc:\n  x: 3\n", "a:\n  x: 1\n\nb:\n  x: 2\n\nc:\n  x: 3\n") ==
        names + "@@ -1,5 +1,8 @@\n a:\n   x: 1\n \n+b:\n+  x: 2\n+\n c:\n   x: 3\n");
}

TEST_CASE("a diff makes the one text of the other") {
  std::mt19937 random(20260101);
  const auto some_text = [&] {
    std::string text;
    const auto lines = random() % 40;
    for (unsigned line = 0; line < lines; ++line) {
      text += std::string(1, static_cast<char>('a' + random() % 6)) + "\n";
    }
    return text;
  };
  for (int round = 0; round < 300; ++round) {
    const std::string before = some_text();
    const std::string after = some_text();
    INFO(before << "--\n" << after);
    CHECK(patched(before, diff(before, after)) == after);
  }
}

TEST_CASE("texts with nothing in common are replaced, however long") {
  const std::string before = numbered_lines(20000);
  std::string after;
  for (int line = 0; line < 20000; ++line) {
    after += "x" + std::to_string(line) + "\n";
  }
  CHECK(patched(before, diff(before, after)) == after);
}
