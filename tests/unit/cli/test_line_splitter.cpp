// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "cli/render/line_splitter.hpp"

namespace ame::cli {

namespace {

using Lines = std::vector<std::string>;

Lines lines_of(const std::vector<std::string>& pieces) {
  LineSplitter splitter;
  Lines lines;
  const auto keep = [&](std::string_view line) { lines.emplace_back(line); };
  for (const std::string& piece : pieces) {
    splitter.add(piece, keep);
  }
  splitter.finish(keep);
  return lines;
}

}  // namespace

TEST_CASE("lines are the same however their bytes come", "[cli]") {
  const std::string text = "one\ntwo\r\n\n10%\r20%\r100%\nlast\r";
  const Lines wanted{"one", "two", "", "100%", "last"};
  CHECK(lines_of({text}) == wanted);
  for (std::size_t cut = 1; cut < text.size(); ++cut) {
    CHECK(lines_of({text.substr(0, cut), text.substr(cut)}) == wanted);
  }
  std::vector<std::string> bytes;
  for (const char byte : text) {
    bytes.emplace_back(1, byte);
  }
  CHECK(lines_of(bytes) == wanted);
}

TEST_CASE("a progress bar that draws itself at the start of the line leaves its last state", "[cli]") {
  CHECK(lines_of({"\r 10%", "\r 50%", "\r100%\n", "done\n"}) == Lines{"100%", "done"});
}

TEST_CASE("bytes that are no text pass through", "[cli]") {
  CHECK(lines_of({std::string("a\0b\xFF\n", 5)}) == Lines{std::string("a\0b\xFF", 4)});
}

TEST_CASE("a line without end does not fill the memory", "[cli]") {
  LineSplitter splitter;
  std::size_t longest = 0;
  std::size_t total = 0;
  for (int i = 0; i < 100; ++i) {
    splitter.add(std::string(10000, 'x'), [&](std::string_view line) {
      longest = std::max(longest, line.size());
      total += line.size();
    });
  }
  splitter.finish([&](std::string_view line) { total += line.size(); });
  CHECK(total == 1000000);
  CHECK(longest < 100000);
}

}  // namespace ame::cli
