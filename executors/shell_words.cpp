// SPDX-License-Identifier: Apache-2.0
#include "executors/shell_words.hpp"

#include <cctype>

namespace ame::executors {
namespace {

bool is_space(char letter) {
  return std::isspace(static_cast<unsigned char>(letter)) != 0;
}

bool starts_variable(std::string_view after_dollar) {
  if (after_dollar.empty()) {
    return false;
  }
  const char letter = after_dollar.front();
  return letter == '{' || letter == '_' || std::isalpha(static_cast<unsigned char>(letter)) != 0;
}

}  // namespace

std::optional<std::vector<std::string>> shell_words(std::string_view line) {
  std::vector<std::string> words;
  bool in_word = false;
  char quote = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char letter = line[at];
    if (quote == 0 && is_space(letter)) {
      in_word = false;
      continue;
    }
    if (!in_word) {
      words.emplace_back();
      in_word = true;
    }
    if (letter == quote) {
      quote = 0;
    } else if (quote == 0 && (letter == '\'' || letter == '"')) {
      quote = letter;
    } else if (letter == '\\' && quote != '\'') {
      if (at + 1 == line.size()) {
        return std::nullopt;
      }
      const char next = line[++at];
      if (quote == '"' && next != '"' && next != '\\') {
        words.back() += letter;
      }
      words.back() += next;
    } else {
      words.back() += letter;
    }
  }
  return quote == 0 ? std::optional(std::move(words)) : std::nullopt;
}

std::string quoted_but_variables(std::string_view word) {
  std::string quoted = "\"";
  for (std::size_t at = 0; at < word.size(); ++at) {
    const char letter = word[at];
    const bool dead_dollar = letter == '$' && !starts_variable(word.substr(at + 1));
    if (letter == '"' || letter == '\\' || letter == '`' || dead_dollar) {
      quoted += '\\';
    }
    quoted += letter;
  }
  return quoted + "\"";
}

}  // namespace ame::executors
