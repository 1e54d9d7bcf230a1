// SPDX-License-Identifier: Apache-2.0
// Any bytes at all, read as YAML, TOML and JSON: a document that keeps its promises, or an error that can be shown.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "core/formats/parse.hpp"
#include "tests/fuzz/tree_check.hpp"

namespace {

using namespace ame;

void read_yaml(const std::shared_ptr<const SourceText>& source) {
  try {
    for (const Document& document : parse_yaml_documents(source)) {
      fuzz::check_document(document);
    }
  } catch (const Error& error) {
    fuzz::check_error(error, *source);
  }
}

void read(Document (*parse)(const std::shared_ptr<const SourceText>&),
          const std::shared_ptr<const SourceText>& source) {
  try {
    fuzz::check_document(parse(source));
  } catch (const Error& error) {
    fuzz::check_error(error, *source);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto source =
      std::make_shared<SourceText>(SourceText{.file = "ame.yml", .text = std::string(data, data + size)});
  read_yaml(source);
  read(parse_toml, source);
  read(parse_json, source);
  return 0;
}
