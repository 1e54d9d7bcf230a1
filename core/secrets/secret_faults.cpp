// SPDX-License-Identifier: Apache-2.0
#include "core/secrets/secret_faults.hpp"

#include <utility>

#include <fmt/format.h>

namespace ame {

Error damaged_file(const std::string& file, const std::string& how) {
  return secret_fault(fmt::format("the secret file `{}` is damaged: {}", file, how),
                      "restore it from a backup, or move it away to begin anew; nothing was changed");
}

Error secret_fault(std::string message, std::string hint) {
  return {ExitCode::machine, Diagnostic{.message = std::move(message), .hint = std::move(hint)}};
}

}  // namespace ame
