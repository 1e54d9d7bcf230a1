// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ame {

/// A released Python.
struct PythonVersion {
  int major = 0;
  int minor = 0;
  int patch = 0;

  auto operator<=>(const PythonVersion&) const = default;

  /// "3.11.4".
  [[nodiscard]] std::string text() const;
};

/// Of exactly three numbers.
std::optional<PythonVersion> parse_python_version(std::string_view text);

/// Why a text is no constraint, and what would be one.
struct PythonConstraintMistake {
  std::string message;
  std::string hint;
};

/// Which Pythons fit: a set of versions, as ranges in order that do not touch.
class PythonConstraint {
 public:
  /// Any Python.
  PythonConstraint();

  /// As ame.yml, Poetry, Pipenv and PEP 440 write it: `3.11`, `3.11.4`, `3.*`, `^3.10`, `~3.11`, `~=3.10`,
  /// `>=3.9,<3.12`, `!=3.9.7`, and alternatives with `||`. One or two numbers without an operator (or with `==`) stand
  /// for every version that starts so: `3.10` is 3.10.0 up to 3.11, never 3.1. Empty: any.
  static std::variant<PythonConstraint, PythonConstraintMistake> parse(std::string_view text);

  [[nodiscard]] bool allows(const PythonVersion& version) const;

  [[nodiscard]] bool is_empty() const { return ranges_.empty(); }

  [[nodiscard]] bool is_within(const PythonConstraint& other) const;
  [[nodiscard]] PythonConstraint both(const PythonConstraint& other) const;
  [[nodiscard]] PythonConstraint either(const PythonConstraint& other) const;
  [[nodiscard]] PythonConstraint none_of() const;  ///< every version that does not fit this

  /// parse(text()) is equal: ">=3.9.0,<3.12.0".
  [[nodiscard]] std::string text() const;

  bool operator==(const PythonConstraint&) const = default;

  struct Range {
    PythonVersion from;   ///< fits
    PythonVersion until;  ///< does not fit any more

    bool operator==(const Range&) const = default;
  };

  explicit PythonConstraint(Range range);

 private:
  std::vector<Range> ranges_;
};

}  // namespace ame
