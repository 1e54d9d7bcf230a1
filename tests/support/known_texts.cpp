// SPDX-License-Identifier: Apache-2.0
#include "tests/support/known_texts.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>

namespace ame {

namespace {

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return content.str();
}

/// The blocks of a Markdown text that say ```yaml.
std::vector<std::string> yaml_blocks(const std::string& text) {
  constexpr std::string_view opening = "```yaml\n";
  std::vector<std::string> blocks;
  for (std::size_t at = text.find(opening); at != std::string::npos; at = text.find(opening, at)) {
    at += opening.size();
    blocks.push_back(text.substr(at, text.find("```", at) - at));
  }
  return blocks;
}

}  // namespace

std::vector<std::string> known_texts() {
  std::vector<std::string> texts;
  for (const char* folder : {"examples", "docs", "tests/fuzz/corpus"}) {
    const std::filesystem::path root = std::filesystem::path(AME_SOURCE_DIR) / folder;
    if (!std::filesystem::is_directory(root)) {
      continue;
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
      if (entry.path().extension() == ".yml") {
        texts.push_back(content_of(entry.path()));
      } else if (entry.path().extension() == ".md") {
        const std::vector<std::string> blocks = yaml_blocks(content_of(entry.path()));
        texts.insert(texts.end(), blocks.begin(), blocks.end());
      }
    }
  }
  return texts;
}

}  // namespace ame
