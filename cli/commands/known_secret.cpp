// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/known_secret.hpp"

#include <vector>

#include <fmt/format.h>

#include "core/text.hpp"

namespace ame::cli {

Error no_such_secret(SecretStore& store, const std::string& key) {
  std::vector<std::string> keys;
  for (const SecretListing& listing : store.list()) {
    keys.push_back(listing.key);
  }
  const std::string near = did_you_mean(key, keys);
  return {ExitCode::usage,
          Diagnostic{.message = fmt::format("there is no secret `{}`", key),
                     .hint = near.empty() ? "`ame secret list` shows the keys" : near}};
}

}  // namespace ame::cli
