// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "core/exit_code.hpp"
#include "core/source_span.hpp"

namespace ame {

enum class Severity { error, warning };

/// A second place that belongs to a problem: "first defined here".
struct RelatedPlace {
  std::string message;
  SourceSpan where;

  bool operator==(const RelatedPlace&) const = default;
};

/// One problem as it will be shown. Sentences are lower case, without a period, the user's words in backticks.
struct Diagnostic {
  Severity severity = Severity::error;
  std::string message;              ///< what was found: "task `train` needs `prepair`, which does not exist"
  std::optional<SourceSpan> where;  ///< none when no file is to blame
  std::string expected;             ///< said beside the carets: "expected a list"; may be empty
  std::vector<RelatedPlace> related;
  std::string hint;  ///< the one next step; may be empty, may have several lines

  bool operator==(const Diagnostic&) const = default;
};

/// The only exception that crosses a folder. Caught in `cli/main.cpp` alone, which prints the diagnostics and exits
/// with the code. Whoever includes a foreign library translates its failures into this, in that same file.
class Error : public std::exception {
 public:
  Error(ExitCode code, Diagnostic diagnostic);

  /// Requires at least one diagnostic of severity error.
  Error(ExitCode code, std::vector<Diagnostic> diagnostics);

  [[nodiscard]] ExitCode code() const { return code_; }

  [[nodiscard]] const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }

  /// The first message, for logs and tests.
  [[nodiscard]] const char* what() const noexcept override;

 private:
  ExitCode code_;
  std::vector<Diagnostic> diagnostics_;
};

/// `message: reason`, where reason is the system's own word for an errno value.
std::string with_errno(const std::string& message, int error_number);

}  // namespace ame
