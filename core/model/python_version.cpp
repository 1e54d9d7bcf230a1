// SPDX-License-Identifier: Apache-2.0
#include "core/model/python_version.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <limits>

#include <fmt/format.h>

namespace ame {
namespace {

constexpr int beyond = std::numeric_limits<int>::max();
constexpr PythonVersion first{};
constexpr PythonVersion last{.major = beyond, .minor = 0, .patch = 0};

/// A version as it is written: one to three numbers, perhaps with `.*` behind.
struct Written {
  std::array<int, 3> numbers{};
  std::size_t count = 0;
  bool starred = false;

  [[nodiscard]] PythonVersion version() const { return {numbers[0], numbers[1], numbers[2]}; }

  /// The first version after all that start with the first `kept` numbers.
  [[nodiscard]] PythonVersion after(std::size_t kept) const {
    if (kept == 0) {
      return last;
    }
    std::array<int, 3> next{};
    std::copy_n(numbers.begin(), kept, next.begin());
    ++next.at(kept - 1);
    return {next[0], next[1], next[2]};
  }

  [[nodiscard]] PythonConstraint::Range all_that_start_so() const { return {version(), after(count)}; }
};

/// Reads a constraint from left to right.
class Reader {
 public:
  explicit Reader(std::string_view text)
      : text_(text) {}

  [[nodiscard]] bool at_end() {
    skip_blanks();
    return at_ == text_.size();
  }

  bool take(std::string_view word) {
    skip_blanks();
    if (text_.substr(at_, word.size()) != word) {
      return false;
    }
    at_ += word.size();
    return true;
  }

  std::string_view take_operator() {
    for (const std::string_view known : {"===", "~=", "==", "!=", ">=", "<=", ">", "<", "^", "~", "="}) {
      if (take(known)) {
        return known;
      }
    }
    return {};
  }

  std::optional<Written> take_version() {
    skip_blanks();
    Written written;
    while (written.count < written.numbers.size()) {
      if (take_letter('*')) {
        written.starred = true;
        return written;
      }
      if (!take_number(written.numbers.at(written.count))) {
        return std::nullopt;
      }
      ++written.count;
      if (!take_letter('.')) {
        break;
      }
    }
    if (at_ > 0 && text_[at_ - 1] == '.') {
      return std::nullopt;
    }
    skip_suffix();
    return written;
  }

  [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
      ++at_;
    }
  }

  bool take_letter(char letter) {
    const bool there = at_ < text_.size() && text_[at_] == letter;
    at_ += there ? 1 : 0;
    return there;
  }

  bool take_number(int& number) {
    const char* const begin = text_.data() + at_;
    const char* const end = text_.data() + text_.size();
    const auto [stop, failure] = std::from_chars(begin, end, number);
    const bool fine = failure == std::errc() && stop != begin && number >= 0 && number < 1'000'000;
    at_ += fine ? static_cast<std::size_t>(stop - begin) : 0;
    return fine;
  }

  /// `rc1`, `a2`, `.dev0`, `+local`: bounds written with them are meant as those of the release.
  void skip_suffix() {
    while (at_ < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '.' || text_[at_] == '+')) {
      ++at_;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

PythonVersion next_patch(const PythonVersion& version) {
  return {version.major, version.minor, version.patch + 1};
}

/// `^`: the leftmost number that is not zero stays.
PythonVersion caret_end(const Written& written) {
  std::size_t kept = 1;
  while (kept < written.count && written.numbers.at(kept - 1) == 0) {
    ++kept;
  }
  return written.after(kept);
}

std::optional<PythonConstraint> meaning(std::string_view sign, const Written& written) {
  using Range = PythonConstraint::Range;
  const PythonVersion version = written.version();
  if (sign.empty() || sign == "=" || sign == "==" || sign == "===") {
    return PythonConstraint(written.all_that_start_so());
  }
  if (sign == "!=") {
    return PythonConstraint(written.all_that_start_so()).none_of();
  }
  if (written.starred && sign != ">=") {
    return std::nullopt;
  }
  if (sign == ">=") {
    return PythonConstraint(Range{version, last});
  }
  if (sign == ">") {
    return PythonConstraint(Range{next_patch(version), last});
  }
  if (sign == "<") {
    return PythonConstraint(Range{first, version});
  }
  if (sign == "<=") {
    return PythonConstraint(Range{first, next_patch(version)});
  }
  if (sign == "^") {
    return PythonConstraint(Range{version, caret_end(written)});
  }
  if (sign == "~") {
    return PythonConstraint(Range{version, written.after(std::min<std::size_t>(2, written.count))});
  }
  if (written.count < 2) {  // `~=3` is not allowed by PEP 440
    return std::nullopt;
  }
  return PythonConstraint(Range{version, written.after(written.count - 1)});
}

PythonConstraintMistake mistake(std::string_view text) {
  return {.message = fmt::format("`{}` is no Python version", text),
          .hint = "write a version such as `\"3.11\"` or `\"3.11.4\"`, or bounds such as `\">=3.10,<3.13\"`"};
}

}  // namespace

std::string PythonVersion::text() const {
  return fmt::format("{}.{}.{}", major, minor, patch);
}

std::optional<PythonVersion> parse_python_version(std::string_view text) {
  Reader reader(text);
  const std::optional<Written> written = reader.take_version();
  if (!written || written->count != 3 || written->starred || !reader.at_end()) {
    return std::nullopt;
  }
  return written->version();
}

PythonConstraint::PythonConstraint()
    : PythonConstraint(Range{first, last}) {}

PythonConstraint::PythonConstraint(Range range) {
  if (range.from < range.until) {
    ranges_.push_back(range);
  }
}

std::variant<PythonConstraint, PythonConstraintMistake> PythonConstraint::parse(std::string_view text) {
  Reader reader(text);
  if (reader.at_end()) {
    return PythonConstraint();
  }
  PythonConstraint any_of(Range{});
  PythonConstraint all_of;
  while (true) {
    const std::string_view sign = reader.take_operator();
    const std::optional<Written> written = reader.take_version();
    const std::optional<PythonConstraint> clause = written ? meaning(sign, *written) : std::nullopt;
    if (!clause) {
      return mistake(text);
    }
    all_of = all_of.both(*clause);
    if (reader.at_end()) {
      return any_of.either(all_of);
    }
    if (reader.take("||") || reader.take("|")) {
      any_of = any_of.either(all_of);
      all_of = PythonConstraint();
    } else {
      reader.take(",");  // a blank does as well
    }
  }
}

bool PythonConstraint::allows(const PythonVersion& version) const {
  return std::any_of(ranges_.begin(), ranges_.end(), [&version](const Range& range) {
    return range.from <= version && version < range.until;
  });
}

bool PythonConstraint::is_within(const PythonConstraint& other) const {
  return both(other) == *this;
}

PythonConstraint PythonConstraint::both(const PythonConstraint& other) const {
  PythonConstraint result(Range{});
  for (const Range& left : ranges_) {
    for (const Range& right : other.ranges_) {
      const Range shared{std::max(left.from, right.from), std::min(left.until, right.until)};
      if (shared.from < shared.until) {
        result.ranges_.push_back(shared);
      }
    }
  }
  return result;
}

PythonConstraint PythonConstraint::either(const PythonConstraint& other) const {
  return none_of().both(other.none_of()).none_of();
}

PythonConstraint PythonConstraint::none_of() const {
  PythonConstraint result(Range{});
  PythonVersion from = first;
  for (const Range& range : ranges_) {
    if (from < range.from) {
      result.ranges_.push_back({from, range.from});
    }
    from = range.until;
  }
  if (from < last) {
    result.ranges_.push_back({from, last});
  }
  return result;
}

std::string PythonConstraint::text() const {
  std::string text;
  for (const Range& range : ranges_) {
    text += text.empty() ? "" : " || ";
    text += fmt::format(">={}", range.from.text());
    text += range.until == last ? "" : fmt::format(",<{}", range.until.text());
  }
  return text;
}

}  // namespace ame
