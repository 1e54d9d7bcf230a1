// SPDX-License-Identifier: Apache-2.0
// Any bytes at all: where YAML is read quickly, reading it carefully gives the same.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/formats/yaml_quickly.hpp"
#include "tests/fuzz/tree_check.hpp"

namespace {

using namespace ame;

std::optional<TextFacts> facts_of(const SourceText& source) {
  try {
    return check_text(source);
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto source =
      std::make_shared<SourceText>(SourceText{.file = "ame.yml", .text = std::string(data, data + size)});
  const auto facts = facts_of(*source);
  if (!facts) {
    return 0;
  }
  if (const auto quick = read_yaml_quickly(source, *facts)) {
    fuzz::check_document(*quick);
    const std::vector<Document> careful = read_yaml_carefully(source, *facts);  // an error ends the run
    fuzz::check_same(*quick, careful.at(0));
  }
  return 0;
}
