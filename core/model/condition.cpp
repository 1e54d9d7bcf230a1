// SPDX-License-Identifier: Apache-2.0
#include "core/model/condition.hpp"

#include <array>
#include <charconv>
#include <compare>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace ame {

namespace {

constexpr const char* example = "for example `env.STAGE == 'prod' and not env.CI`";

/// So that neither parentheses nor long chains can use up the stack.
constexpr int deepest = 100;
constexpr std::size_t longest = 4000;

enum class Operation : std::uint8_t {
  text,
  variable,
  equal,
  unequal,
  less,
  at_most,
  greater,
  at_least,
  negation,
  both,
  either,
};

struct Token {
  enum class Kind : std::uint8_t { end, word, quoted, symbol };
  Kind kind = Kind::end;
  std::string text;
  std::size_t offset = 0;
  std::size_t length = 0;

  [[nodiscard]] bool is(std::string_view wanted) const {
    return (kind == Kind::word || kind == Kind::symbol) && text == wanted;
  }
};

constexpr std::array<std::pair<std::string_view, Operation>, 6> comparisons = {{
    {"==", Operation::equal},
    {"!=", Operation::unequal},
    {"<=", Operation::at_most},
    {">=", Operation::at_least},
    {"<", Operation::less},
    {">", Operation::greater},
}};

}  // namespace

struct Condition::Part {
  Operation operation = Operation::text;
  std::string text;  ///< of a text, or the name of a variable
  std::vector<std::shared_ptr<const Part>> parts;
};

namespace {

using PartPointer = std::shared_ptr<const Condition::Part>;

PartPointer part(Operation operation, std::vector<PartPointer> parts, std::string text = {}) {
  return std::make_shared<const Condition::Part>(Condition::Part{operation, std::move(text), std::move(parts)});
}

class Lexer {
 public:
  explicit Lexer(std::string_view text)
      : text_(text) {}

  /// None, with `mistake` set, for a quote that is not closed.
  std::optional<std::vector<Token>> tokens(ConditionMistake& mistake) {
    std::vector<Token> tokens;
    while (true) {
      at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
      Token token{.kind = Token::Kind::end, .text = {}, .offset = at_, .length = 0};
      if (at_ == text_.size()) {
        tokens.push_back(token);
        return tokens;
      }
      if (text_[at_] == '\'' || text_[at_] == '"') {
        if (!read_quoted(token)) {
          mistake = {.message = "a quote is not closed", .hint = {}, .offset = at_, .length = text_.size() - at_};
          return std::nullopt;
        }
      } else {
        token.kind = symbol_length() > 0 ? Token::Kind::symbol : Token::Kind::word;
        const std::size_t length = symbol_length() > 0 ? symbol_length() : word_length();
        token.text = text_.substr(at_, length);
        at_ += length;
      }
      token.length = at_ - token.offset;
      tokens.push_back(std::move(token));
    }
  }

 private:
  /// A quote inside is written twice.
  bool read_quoted(Token& token) {
    const char quote = text_[at_];
    token.kind = Token::Kind::quoted;
    for (std::size_t at = at_ + 1; at < text_.size(); ++at) {
      if (text_[at] != quote) {
        token.text += text_[at];
      } else if (at + 1 < text_.size() && text_[at + 1] == quote) {
        token.text += text_[at++];
      } else {
        at_ = at + 1;
        return true;
      }
    }
    return false;
  }

  [[nodiscard]] std::size_t symbol_length() const {
    const std::string_view rest = text_.substr(at_);
    for (const std::string_view symbol : {"==", "!=", "<=", ">=", "&&", "||"}) {
      if (rest.starts_with(symbol)) {
        return 2;
      }
    }
    return std::string_view("()<>!=").find(rest[0]) != std::string_view::npos ? 1 : 0;
  }

  [[nodiscard]] std::size_t word_length() const {
    const std::size_t end = text_.find_first_of(" \t\r\n()<>!='\"", at_);
    return std::min(end, text_.size()) - at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

class Parser {
 public:
  explicit Parser(std::vector<Token> tokens)
      : tokens_(std::move(tokens)) {}

  PartPointer whole() {
    PartPointer condition = either(0);
    if (!mistake_ && here().kind != Token::Kind::end) {
      fail(fmt::format("`{}` is not expected here", here().text));
    }
    return condition;
  }

  [[nodiscard]] const std::optional<ConditionMistake>& mistake() const { return mistake_; }

 private:
  [[nodiscard]] const Token& here() const { return tokens_[at_]; }

  bool take(std::string_view word) {
    if (!here().is(word)) {
      return false;
    }
    ++at_;
    return true;
  }

  PartPointer either(int depth) {
    PartPointer left = both(depth);
    while (!mistake_ && take("or")) {
      left = part(Operation::either, {left, both(depth)});
    }
    return left;
  }

  PartPointer both(int depth) {
    PartPointer left = negation(depth);
    while (!mistake_ && take("and")) {
      left = part(Operation::both, {left, negation(depth)});
    }
    return left;
  }

  PartPointer negation(int depth) {
    if (depth == deepest) {
      return fail("the condition is nested too deep");
    }
    return take("not") ? part(Operation::negation, {negation(depth + 1)}) : comparison(depth);
  }

  PartPointer comparison(int depth) {
    if (take("(")) {
      PartPointer inside = either(depth + 1);
      if (!mistake_ && !take(")")) {
        return fail("a parenthesis is not closed");
      }
      return inside;
    }
    PartPointer left = operand();
    for (const auto& [symbol, operation] : comparisons) {
      if (!mistake_ && take(symbol)) {
        return part(operation, {left, operand()});
      }
    }
    return left;
  }

  PartPointer operand() {
    const Token& token = here();
    if (token.kind == Token::Kind::end) {
      return fail("the condition ends where a text is expected");
    }
    if (token.kind == Token::Kind::symbol || token.is("and") || token.is("or") || token.is("not")) {
      return fail(fmt::format("`{}` is not expected here", token.text));
    }
    ++at_;
    if (token.kind == Token::Kind::word && token.text.starts_with("env.")) {
      return part(Operation::variable, {}, token.text.substr(4));
    }
    return part(Operation::text, {}, token.text);
  }

  PartPointer fail(std::string message, std::string hint = example) {
    if (!mistake_) {
      constexpr std::array<std::pair<std::string_view, std::string_view>, 4> meant = {
          {{"=", "=="}, {"&&", "and"}, {"||", "or"}, {"!", "not"}}};
      for (const auto& [written, word] : meant) {
        if (here().is(written)) {
          message = fmt::format("`{}` means nothing here", written);
          hint = fmt::format("write `{}`", word);
        }
      }
      mistake_ = {std::move(message), std::move(hint), here().offset, here().length};
    }
    return part(Operation::text, {});
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::optional<ConditionMistake> mistake_;
};

std::optional<double> number_of(const std::string& text) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  return text.empty() || result.ec != std::errc() || result.ptr != end ? std::nullopt : std::optional(number);
}

std::partial_ordering compared(const std::string& left, const std::string& right) {
  const auto left_number = number_of(left);
  const auto right_number = number_of(right);
  if (left_number && right_number) {
    return *left_number <=> *right_number;
  }
  return left <=> right;
}

std::string value_of(const Condition::Part& operand, const Condition::Variables& variables) {
  return operand.operation == Operation::variable ? variables(operand.text) : operand.text;
}

bool is_yes(const std::string& text) {
  return !text.empty() && text != "0" && text != "false" && text != "no";
}

bool holds(const Condition::Part& part, const Condition::Variables& variables) {
  const auto order = [&] { return compared(value_of(*part.parts[0], variables), value_of(*part.parts[1], variables)); };
  switch (part.operation) {
    case Operation::text:
    case Operation::variable:
      return is_yes(value_of(part, variables));
    case Operation::equal:
      return std::is_eq(order());
    case Operation::unequal:
      return std::is_neq(order());
    case Operation::less:
      return std::is_lt(order());
    case Operation::at_most:
      return std::is_lteq(order());
    case Operation::greater:
      return std::is_gt(order());
    case Operation::at_least:
      return std::is_gteq(order());
    case Operation::negation:
      return !holds(*part.parts[0], variables);
    case Operation::both:
      return holds(*part.parts[0], variables) && holds(*part.parts[1], variables);
    case Operation::either:
      return holds(*part.parts[0], variables) || holds(*part.parts[1], variables);
  }
  return false;
}

}  // namespace

Condition::Condition(std::shared_ptr<const Part> whole)
    : whole_(std::move(whole)) {}

std::variant<Condition, ConditionMistake> Condition::parse(std::string_view text) {
  if (text.size() > longest) {
    return ConditionMistake{.message = "the condition is too long",
                            .hint = "let a script decide, and read what it says"};
  }
  ConditionMistake mistake;
  auto tokens = Lexer(text).tokens(mistake);
  if (!tokens) {
    return mistake;
  }
  Parser parser(std::move(*tokens));
  PartPointer whole = parser.whole();
  if (parser.mistake()) {
    return *parser.mistake();
  }
  return Condition(std::move(whole));
}

bool Condition::holds(const Variables& variables) const {
  return ame::holds(*whole_, variables);
}

}  // namespace ame
