// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/formats/yaml_mistakes.hpp"

namespace ame {

/// `  - name: train  # words`, taken apart.
struct YamlLine {
  std::string_view text;    ///< without its end
  std::size_t begin = 0;    ///< offset in the file
  std::size_t indent = 0;   ///< of the key, or of the text: after blanks and `- `
  std::size_t blanks = 0;   ///< before anything
  std::string_view key;     ///< empty: there is none
  std::string_view value;   ///< after `key: `, or the whole text; without a comment
  bool has_colon = false;   ///< `key:` with a blank or nothing behind
  bool is_item = false;     ///< begins with `- `
  bool is_nothing = false;  ///< blank or a comment
};

/// The lines around the place where the parser gave up, and ways to speak about them.
class YamlScene {
 public:
  explicit YamlScene(const SyntaxMistake& mistake);

  [[nodiscard]] const SyntaxMistake& mistake() const { return mistake_; }

  [[nodiscard]] std::string_view text() const { return mistake_.source.text; }

  [[nodiscard]] bool reason_is(std::string_view reason) const { return mistake_.reason.starts_with(reason); }

  /// The index of the line with the mistake.
  [[nodiscard]] std::size_t here() const { return here_; }

  [[nodiscard]] const YamlLine& line() const { return lines_[here_]; }

  [[nodiscard]] const std::vector<YamlLine>& lines() const { return lines_; }

  /// The nearest line above that says something.
  [[nodiscard]] const YamlLine* line_before() const;

  [[nodiscard]] Diagnostic at(std::string_view piece, std::string message, std::string hint) const;

  [[nodiscard]] Diagnostic here(std::string message, std::string hint) const;

  /// 1-based number of a line.
  [[nodiscard]] std::size_t number_of(const YamlLine& line) const;

 private:
  const SyntaxMistake& mistake_;
  std::vector<YamlLine> lines_;
  std::size_t here_ = 0;
};

/// In the quotes that need the fewest escapes.
std::string yaml_quoted(std::string_view text);

/// "…:" and lines of YAML below it.
std::string with_snippet(std::string_view advice, const std::vector<std::string>& lines);

}  // namespace ame
