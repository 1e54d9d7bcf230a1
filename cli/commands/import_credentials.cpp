// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/import_credentials.hpp"

#include <string>

#include <fmt/format.h>

#include "cli/commands/known_secret.hpp"
#include "cli/commands/secret_world.hpp"
#include "core/error.hpp"
#include "core/git_address.hpp"

namespace ame::cli {

GitCredentials credentials_of(const schema::GitImport& import, Session& session) {
  if (import.secret.empty()) {
    return {.user = import.user, .token = {}};
  }
  if (is_read_on_the_way(import.url)) {
    throw Error(ExitCode::bad_project,
                Diagnostic{.message = fmt::format("the secret `{}` would be readable on its way to `{}`",
                                                  import.secret,
                                                  shown_git_address(import.url)),
                           .hint = "use an `https` or `ssh` address"});
  }
  SecretWorld world(session);
  const auto token = world.store().find(import.secret);
  if (!token) {
    throw no_such_secret(world.store(), import.secret);
  }
  return {.user = import.user, .token = std::string(token->reveal())};
}

}  // namespace ame::cli
