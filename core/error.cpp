// SPDX-License-Identifier: Apache-2.0
#include "core/error.hpp"

#include <system_error>
#include <utility>

namespace ame {

Error::Error(ExitCode code, Diagnostic diagnostic)
    : code_(code) {
  diagnostics_.push_back(std::move(diagnostic));
}

Error::Error(ExitCode code, std::vector<Diagnostic> diagnostics)
    : code_(code),
      diagnostics_(std::move(diagnostics)) {}

const char* Error::what() const noexcept {
  return diagnostics_.empty() ? "unknown error" : diagnostics_.front().message.c_str();
}

std::string with_errno(const std::string& message, int error_number) {
  return message + ": " + std::generic_category().message(error_number);
}

}  // namespace ame
