// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "core/error.hpp"
#include "schema/load.hpp"
#include "tests/support/memory_file_system.hpp"

namespace ame {
namespace {

namespace fs = std::filesystem;

struct Block {
  std::string where;
  std::string text;
};

/// What stands between ```yaml and ```.
std::vector<Block> yaml_blocks(const fs::path& file) {
  std::vector<Block> blocks;
  std::ifstream stream(file);
  bool inside = false;
  int number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    if (!inside && line == "```yaml") {
      inside = true;
      blocks.push_back({.where = file.string() + ":" + std::to_string(number + 1), .text = {}});
    } else if (inside && line == "```") {
      inside = false;
    } else if (inside) {
      blocks.back().text += line + "\n";
    }
  }
  return blocks;
}

std::vector<fs::path> documents() {
  const fs::path top = AME_SOURCE_DIR;
  std::vector<fs::path> found = {top / "README.md"};
  for (const auto& entry : fs::recursive_directory_iterator(top / "docs")) {
    if (entry.path().extension() == ".md") {
      found.push_back(entry.path());
    }
  }
  return found;
}

std::string mistakes_in(const std::string& text) {
  MemoryFileSystem files;
  files.add("/project/ame.yml", text);
  try {
    schema::load_project(files, "/project/ame.yml", {.shown_from = "/project"});
  } catch (const Error& error) {
    std::string all;
    for (const Diagnostic& diagnostic : error.diagnostics()) {
      all += "line " + std::to_string(diagnostic.where ? diagnostic.where->line : 0) + ": " + diagnostic.message + "\n";
    }
    return all;
  }
  return {};
}

}  // namespace

TEST_CASE("every YAML block in the documents is a whole file that loads") {
  std::size_t count = 0;
  for (const fs::path& file : documents()) {
    for (const Block& block : yaml_blocks(file)) {
      INFO(block.where);
      CHECK(mistakes_in(block.text) == "");
      ++count;
    }
  }
  CHECK(count > 30);
}

}  // namespace ame
