// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/formats/parse.hpp"

namespace ame::test {

inline std::shared_ptr<const SourceText> source(std::string_view text) {
  return std::make_shared<SourceText>(SourceText{.file = "ame.yml", .text = std::string(text)});
}

inline Document yaml(std::string_view text) {
  return parse_yaml(source(text));
}

/// On one line: `{name: a, list: [1, "two", !tag three], none: null}`.
std::string outline(const Node& node);

/// `4:7+5`: line, column and length.
std::string place(const Node& node);

/// All that a person is told about a broken text, or "" where it is none.
std::string complaint(Document (*parse)(const std::shared_ptr<const SourceText>&), std::string_view text);

inline std::string yaml_complaint(std::string_view text) {
  return complaint(parse_yaml, text);
}

/// The first line of it.
std::string first_line(const std::string& text);

}  // namespace ame::test
