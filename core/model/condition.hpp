// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace ame {

/// Why a text is no condition, and what would be one.
struct ConditionMistake {
  std::string message;
  std::string hint;
  std::size_t offset = 0;  ///< bytes into the text, of what is wrong
  std::size_t length = 0;
};

/// What `when` says: texts and variables (`env.STAGE`), compared with `==`, `!=`, `<`, `<=`, `>`, `>=`, joined with
/// `and`, `or`, `not` and parentheses. Two numbers are compared as numbers, everything else as text. A text by itself
/// holds unless it is empty, `0`, `false` or `no`. A quote inside a quoted text is written twice. Matrix values are put
/// in before, quoted: until then `${matrix.lr}` is read as a word.
class Condition {
 public:
  /// Value of an environment variable of the task; empty where it has none.
  using Variables = std::function<std::string(const std::string&)>;

  static std::variant<Condition, ConditionMistake> parse(std::string_view text);

  [[nodiscard]] bool holds(const Variables& variables) const;

  struct Part;

 private:
  explicit Condition(std::shared_ptr<const Part> whole);

  std::shared_ptr<const Part> whole_;
};

}  // namespace ame
